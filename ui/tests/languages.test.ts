import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import { ar } from '$words/ar';
import { de } from '$words/de';
import { pseudo } from '$words/pseudo';
import { useLanguage } from '$words/words.svelte';
import type { FakeHost } from './fake-host';
import { openApp } from './open-app';
import { localPlace, northwindPlace } from './samples';
import { untranslated } from './untranslated';

describe('the sign-in screen', () => {
    test('in Arabic has Arabic labels, from right to left', async () => {
        await useLanguage('ar');
        openApp((host) => host.at(northwindPlace));
        expect(await screen.findByRole('heading', { name: 'تسجيل الدخول إلى Northwind' })).toBeVisible();
        expect(document.documentElement).toHaveAttribute('dir', 'rtl');
        expect(screen.getByLabelText('اسم المستخدم أو البريد الإلكتروني')).toBeVisible();
        expect(screen.getByLabelText('كلمة المرور')).toBeVisible();
        expect(screen.getByRole('button', { name: 'تسجيل الدخول' })).toBeVisible();
        expect(document.title).toBe('تسجيل الدخول إلى Northwind – Latchkey');
    });

    test('has the choice of a language, which is kept', async () => {
        const { user } = openApp((host) => host.at(northwindPlace));
        await user.click(await screen.findByRole('button', { name: 'Language' }));
        expect(screen.getByRole('menuitemradio', { name: 'As the system' })).toBeChecked();
        await user.click(screen.getByRole('menuitemradio', { name: 'Deutsch' }));
        expect(await screen.findByRole('heading', { name: 'Bei Northwind anmelden' })).toBeVisible();
        expect(screen.getByLabelText('Benutzername oder E-Mail')).toBeVisible();
        expect(localStorage.getItem('latchkey.language')).toBe('de');
    });

    test('goes back to the language of the system', async () => {
        vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ar-EG', 'en']);
        localStorage.setItem('latchkey.language', 'de');
        await useLanguage('de');
        const { user } = openApp((host) => host.at(northwindPlace));
        await user.click(await screen.findByRole('button', { name: de.components.language }));
        expect(screen.getByRole('menuitemradio', { name: 'Deutsch' })).toBeChecked();
        await user.click(screen.getByRole('menuitemradio', { name: de.components.systemLanguage }));
        expect(await screen.findByRole('button', { name: ar.entry.signIn })).toBeVisible();
        expect(localStorage.getItem('latchkey.language')).toBeNull();
        vi.restoreAllMocks();
    });

    test('says in German what was wrong', async () => {
        await useLanguage('de');
        const { user } = openApp((host) =>
            host.at(northwindPlace, { name: 'signed_out', reason: null, login: 'maren' }),
        );
        const password = await screen.findByLabelText('Passwort');
        await user.type(password, 'wrong{Enter}');
        await waitFor(() =>
            expect(password).toHaveAccessibleDescription('Benutzername oder Passwort ist nicht richtig.'),
        );
    });
});

test('backup codes are counted as Arabic counts', () => {
    expect([0, 1, 2, 3, 10, 11].map((codes) => ar.components.backupCodesLeft(codes))).toEqual([
        'لم تبقَ رموز احتياطية',
        'بقي رمز احتياطي واحد',
        'بقي رمزان احتياطيان',
        'بقيت 3 رموز احتياطية',
        'بقيت 10 رموز احتياطية',
        'بقي 11 رمزًا احتياطيًا',
    ]);
});

test('the frame around a page changes with the language', async () => {
    const { user } = openApp((host) => host.signedIn(localPlace));
    await screen.findByRole('button', { name: 'Edit profile' });
    await user.keyboard('{Control>}1{/Control}');
    const sections = await screen.findByRole('navigation', { name: 'Account sections' });
    expect(within(sections).getByRole('button', { name: /^Two-factor authentication/u })).toHaveTextContent('Off');
    await useLanguage('ar');
    expect(await within(sections).findByRole('button', { name: /^المصادقة الثنائية/u })).toHaveTextContent('معطّلة');
    expect(sections).toHaveAccessibleName('أقسام الحساب');
    expect(screen.getByRole('button', { name: `${ar.shell.servers.current} هذا الحاسوب` })).toBeVisible();
});

/** All words of what `open` shows are from the catalogue. */
describe('in the pseudo-locale all words', () => {
    const button = (name: string) => screen.findByRole('button', { name });

    async function openForeign(prepare: (host: FakeHost) => void) {
        await useLanguage('pseudo');
        return openApp(prepare);
    }

    const heading = (name: string) => screen.findByRole('heading', { level: 1, name });

    test.each([
        ['this computer', localPlace],
        ['a server', northwindPlace],
    ])('of signing in to %s', async (_, place) => {
        await openForeign((host) =>
            host.at(place, { name: 'signed_out', reason: { kind: 'expired' }, login: 'maren' }),
        );
        await button(pseudo.entry.signIn);
        expect(untranslated(document.body)).toEqual([]);
    });

    test('of creating an account', async () => {
        await openForeign((host) => host.at(localPlace));
        await heading(pseudo.entry.createAccount);
        expect(untranslated(document.body)).toEqual([]);
    });

    test('of setting a forgotten password anew', async () => {
        const { user } = await openForeign((host) => {
            host.mail = true;
            host.at(northwindPlace);
        });
        await user.type(await screen.findByLabelText(pseudo.entry.login), 'maren');
        await user.click(await button(pseudo.entry.forgot));
        await heading(pseudo.entry.forgot);
        expect(untranslated(document.body)).toEqual([]);
        await user.click(await button(pseudo.entry.reset.sendCode));
        await heading(pseudo.entry.reset.title);
        expect(untranslated(document.body)).toEqual([]);
    });

    test('of the second step', async () => {
        const { user } = await openForeign((host) =>
            host.at(northwindPlace, { name: 'second_factor', login: 'maren', methods: ['totp', 'backup_code'] }),
        );
        await heading(pseudo.entry.secondStep.code);
        await user.click(await button(pseudo.entry.secondStep.verify));
        expect(untranslated(document.body)).toEqual([]);
        await user.click(await button(pseudo.components.secondFactor.useBackupCode));
        await heading(pseudo.entry.secondStep.backupCode);
        expect(untranslated(document.body)).toEqual([]);
    });

    test('of choosing a place', async () => {
        const { user } = await openForeign(() => undefined);
        await heading(pseudo.places.title);
        await user.click(screen.getByRole('radio', { name: pseudo.places.connect }));
        await screen.findByText(pseudo.places.address.hint);
        expect(untranslated(document.body)).toEqual([]);
    });

    test('of the frame, its menus and the bell', async () => {
        const { user } = await openForeign((host) => host.withTwoFactor(2).signedIn());
        await button('Maren Oyelaran');
        await user.keyboard('{Control>}1{/Control}');
        await screen.findByRole('navigation', { name: pseudo.shell.sections.label });
        const frame = ['.nav', '.side', '.picker'].map((part) => document.querySelector<HTMLElement>(part));
        const shown = () => frame.flatMap((part) => untranslated(part ?? document.body));
        expect(shown()).toEqual([]);
        await user.click(await button('Maren Oyelaran'));
        expect(shown()).toEqual([]);
        await user.click(screen.getByRole('menuitem', { name: pseudo.shell.accountMenu.switchAccount }));
        expect(shown()).toEqual([]);
        await user.keyboard('{Escape}');
        await user.click(await button(pseudo.shell.alerts.unread(1)));
        await screen.findByRole('dialog', { name: pseudo.shell.alerts.title });
        expect(shown()).toEqual([]);
    });

    test('of a fresh proof and a question', async () => {
        const { host, user } = await openForeign((fresh) => {
            fresh.withTwoFactor(2).at(northwindPlace, {
                name: 'second_factor',
                login: 'maren',
                methods: ['totp', 'backup_code'],
            });
            fresh.stale = ['password', 'totp'];
        });
        await user.click(await button(pseudo.components.secondFactor.useBackupCode));
        await user.type(screen.getByLabelText(pseudo.components.secondFactor.backupCode), host.backupCodes[0] ?? '');
        await user.keyboard('{Enter}');
        const question = await screen.findByRole('dialog', { name: pseudo.shell.byBackupCode.title });
        expect(untranslated(question)).toEqual([]);
        await user.click(within(question).getByRole('button', { name: pseudo.shell.byBackupCode.generate }));
        const proof = await screen.findByRole('dialog', { name: pseudo.proof.title });
        expect(untranslated(proof)).toEqual([]);
    });
});
