/** The words of profile, sessions, two-factor authentication, activity and deleting the account, in other languages. */

import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { Activity } from '$bindings/Activity';
import type { Category } from '$bindings/Category';
import type { Deletion } from '$bindings/Deletion';
import { KINDS } from '$features/activity/kinds';
import { captionOf, titleOf } from '$features/activity/words';
import { removed } from '$features/delete-account/removed';
import { summary, title } from '$features/sessions/device';
import { ar } from '$words/ar';
import { de } from '$words/de';
import { pseudo } from '$words/pseudo';
import { useLanguage } from '$words/words.svelte';
import type { FakeHost } from './fake-host';
import { goToPlace, openApp } from './open-app';
import * as sample from './samples';
import { untranslated } from './untranslated';

const page = () => document.querySelector<HTMLElement>('.page');

/** The page at a place in the sidebar, once it has read what it shows. */
async function go(user: UserEvent, place: number): Promise<HTMLElement> {
    await waitFor(() => expect(page()).not.toBeNull());
    const before = page();
    await goToPlace(user, place);
    await waitFor(() => expect(page()).not.toBe(before));
    await waitFor(() => expect(page()?.querySelector('[aria-busy="true"]')).toBeNull());
    return page() ?? document.body;
}

const TWO_FACTOR = 2;
const SESSIONS = 4;
const ACTIVITY = 9;
const DELETE_ACCOUNT = 10;

describe('in the pseudo-locale, all words are from the catalogue:', () => {
    type App = ReturnType<typeof openApp>;

    interface Scene {
        prepare?: (host: FakeHost) => void;
        /** Goes there, and answers what to look at. */
        go: (app: App) => Promise<HTMLElement>;
    }

    const press = async ({ user }: App, name: string) => user.click(await screen.findByRole('button', { name }));

    async function dialog(name: string): Promise<HTMLElement> {
        return screen.findByRole('dialog', { name });
    }

    async function editing(app: App): Promise<HTMLElement> {
        await press(app, pseudo.profile.edit);
        await screen.findByRole('heading', { level: 1, name: pseudo.profile.editing.title });
        return page() ?? document.body;
    }

    async function setup(app: App): Promise<HTMLElement> {
        await go(app.user, TWO_FACTOR);
        await press(app, pseudo.twoFactor.enable);
        return dialog(pseudo.twoFactor.setup.title);
    }

    async function newCodes(app: App): Promise<HTMLElement> {
        await go(app.user, TWO_FACTOR);
        await press(app, pseudo.twoFactor.generate);
        return dialog(pseudo.twoFactor.replacing.title);
    }

    const withAvatar = (host: FakeHost) => {
        host.avatar = sample.picture().preview;
        host.profile = { ...host.profile, avatar: { ...host.profile.avatar, custom: true } };
    };
    const withPendingEmail = (host: FakeHost) => {
        host.mail = true;
        host.profile = { ...host.profile, pending_email: 'maren@fjord.example' };
    };

    /** An event of every kind. */
    const everything = (details: Activity['details'], more: Partial<Activity> = {}): Activity[] =>
        (Object.keys(KINDS) as Activity['kind'][]).map((kind) => ({
            ...(sample.activity()[0] as Activity),
            id: `${kind} ${Object.keys(details).length}`,
            kind,
            details,
            ...more,
        }));

    const scenes: Record<string, Scene> = {
        'the profile': {
            go: async () => {
                await screen.findByRole('button', { name: pseudo.profile.edit });
                return page() ?? document.body;
            },
        },
        'an address that waits for its code': {
            prepare: withPendingEmail,
            go: async () =>
                screen.findByRole('region', { name: pseudo.profile.pendingEmail.title('maren@fjord.example') }),
        },
        'editing the profile': {
            prepare: (host) => {
                host.mail = true;
                host.signedIn();
            },
            go: async (app) => {
                const edit = await editing(app);
                await app.user.type(within(edit).getByRole('textbox', { name: pseudo.profile.fields.email }), 'x');
                await within(edit).findByText(pseudo.profile.editing.toBeConfirmed('maren@northwind.example'));
                return edit;
            },
        },
        'discarding what was typed': {
            go: async (app) => {
                const edit = await editing(app);
                await app.user.type(within(edit).getByLabelText(pseudo.profile.fields.location), 'x');
                await press(app, pseudo.profile.editing.cancel);
                return dialog(pseudo.profile.editing.discard.title);
            },
        },
        'a profile that was changed elsewhere': {
            go: async (app) => {
                const edit = await editing(app);
                app.host.changeElsewhere({ location: 'Fedora Linux 43', bio: null });
                const location = within(edit).getByLabelText(pseudo.profile.fields.location);
                await app.user.clear(location);
                await app.user.type(location, 'Northwind');
                await press(app, pseudo.profile.editing.save);
                return dialog(pseudo.profile.conflict.title);
            },
        },
        'cropping a picture': {
            go: async (app) => {
                await editing(app);
                await press(app, pseudo.profile.avatar.choose);
                return dialog(pseudo.profile.crop.title);
            },
        },
        'sending a picture': {
            go: async (app) => {
                await editing(app);
                await press(app, pseudo.profile.avatar.choose);
                const crop = await dialog(pseudo.profile.crop.title);
                app.host.hold('use_picture');
                await press(app, pseudo.profile.crop.use);
                app.host.emit('avatar_progress', { step: 'uploading', sent: 2, total: 5 });
                const bar = within(crop).getByRole('progressbar');
                await waitFor(() =>
                    expect(bar).toHaveAttribute('aria-valuetext', pseudo.profile.upload.uploadingAt(40)),
                );
                return crop;
            },
        },
        'removing the picture': {
            prepare: withAvatar,
            go: async (app) => {
                await editing(app);
                await press(app, pseudo.profile.avatar.remove);
                return dialog(pseudo.profile.avatar.removal.title);
            },
        },
        'sessions, unfolded': {
            go: async ({ user }) => {
                const list = await go(user, SESSIONS);
                for (const row of within(list).getAllByRole('button', { expanded: false })) await user.click(row);
                return list;
            },
        },
        'no other session': {
            prepare: (host) => (host.sessions = host.sessions.slice(0, 1)),
            go: ({ user }) => go(user, SESSIONS),
        },
        'a sign-in to look at': {
            go: async ({ host }) => {
                await waitFor(() => expect(page()).not.toBeNull());
                host.emit('request', { name: 'review_sign_in', session_id: 'safari' });
                await screen.findByRole('button', { name: pseudo.sessions.review.close });
                return page() ?? document.body;
            },
        },
        'closing all other sessions': {
            go: async (app) => {
                await go(app.user, SESSIONS);
                await press(app, pseudo.sessions.closeOthers);
                return dialog(pseudo.sessions.closingOthers.title);
            },
        },
        'two-factor on': { prepare: (host) => host.withTwoFactor(7), go: ({ user }) => go(user, TWO_FACTOR) },
        'two-factor on, few codes left': {
            prepare: (host) => host.withTwoFactor(2),
            go: ({ user }) => go(user, TWO_FACTOR),
        },
        'two-factor that cannot be disabled': {
            prepare: (host) => host.withTwoFactor().requireTwoFactor(),
            go: ({ user }) => go(user, TWO_FACTOR),
        },
        'two-factor that has to be set up': {
            prepare: (host) => host.requireTwoFactor(),
            go: async () => {
                await screen.findByRole('button', { name: pseudo.twoFactor.required.enable });
                return document.querySelector<HTMLElement>('.entry') ?? document.body;
            },
        },
        'setting two-factor up': { go: setup },
        'setting two-factor up without a picture': {
            prepare: (host) => host.next('start_two_factor', () => ({ ...sample.setup(), qr: null })),
            go: setup,
        },
        'the first code': {
            go: async (app) => {
                const link = await setup(app);
                await press(app, pseudo.twoFactor.setup.continue);
                await waitFor(() => expect(link).not.toBeInTheDocument());
                return dialog(pseudo.twoFactor.setup.title);
            },
        },
        'the expected code': {
            prepare: (host) => (host.clockAhead = 40),
            go: async (app) => {
                await setup(app);
                await press(app, pseudo.twoFactor.setup.continue);
                await press(app, pseudo.twoFactor.setup.expected.ask);
                await screen.findByText(pseudo.twoFactor.setup.expected.setClock);
                return dialog(pseudo.twoFactor.setup.title);
            },
        },
        'new backup codes': { prepare: (host) => host.withTwoFactor(), go: newCodes },
        'new backup codes, saved': {
            prepare: (host) => host.withTwoFactor(),
            go: async (app) => {
                const codes = await newCodes(app);
                await press(app, pseudo.twoFactor.saving.print);
                await within(codes).findByText(
                    pseudo.twoFactor.replacing.savedAndInUse(pseudo.twoFactor.saving.printed),
                );
                return codes;
            },
        },
        'new backup codes, unsaved': {
            prepare: (host) => host.withTwoFactor(),
            go: async (app) => {
                const codes = await newCodes(app);
                await press(app, pseudo.twoFactor.saving.close);
                await within(codes).findByRole('button', { name: pseudo.twoFactor.saving.closeWithoutSaving });
                return codes;
            },
        },
        'the sheet of backup codes': {
            prepare: (host) => host.withTwoFactor(),
            go: async (app) => {
                await newCodes(app);
                app.host.hold('print_page');
                await press(app, pseudo.twoFactor.saving.print);
                const sheet = () => document.querySelector<HTMLElement>('body > .print-sheet');
                await waitFor(() => expect(sheet()).not.toBeNull());
                return sheet() ?? document.body;
            },
        },
        'disabling two-factor': {
            prepare: (host) => host.withTwoFactor(7),
            go: async (app) => {
                await go(app.user, TWO_FACTOR);
                await press(app, pseudo.twoFactor.disable);
                return dialog(pseudo.twoFactor.disabling.title);
            },
        },
        'every kind of event': {
            prepare: (host) => {
                host.activity = [
                    ...everything({ device: 'Latchkey on Fedora Linux 43', key: 'maren', count: 3, remaining: 2 }),
                    ...everything({ provider: 'github', host: 'github.com', login: 'maren' }),
                    ...everything({ host: 'maren', fields: ['name', 'email', 'location', 'bio'] }),
                    ...everything({}, { device: null, ip_address: null }),
                ].map((event, index) => ({ ...event, id: String(index) }));
                host.pageSize = host.activity.length;
            },
            go: ({ user }) => go(user, ACTIVITY),
        },
        'no activity of a kind': {
            prepare: (host) => (host.activity = host.activity.slice(0, 1)),
            go: async ({ user }) => {
                const activity = await go(user, ACTIVITY);
                const { categories, noneOfKind } = pseudo.activity;
                await user.click(within(activity).getByRole('radio', { name: categories.account }));
                await within(activity).findByText(noneOfKind.text);
                return activity;
            },
        },
        'what deleting an account removes': {
            prepare: (host) => {
                withAvatar(host);
                host.withTwoFactor();
            },
            go: ({ user }) => go(user, DELETE_ACCOUNT),
        },
        'deleting an account': {
            go: async (app) => {
                await go(app.user, DELETE_ACCOUNT);
                await app.user.type(screen.getByLabelText(pseudo.deleteAccount.username), 'maren');
                await app.user.type(screen.getByLabelText(pseudo.deleteAccount.password), 'x{Enter}');
                return dialog(pseudo.deleteAccount.lastQuestion.title('maren'));
            },
        },
    };

    test.each(Object.keys(scenes))('%s', async (name) => {
        await useLanguage('pseudo');
        const app = openApp((host) => {
            host.signedIn();
            scenes[name]?.prepare?.(host);
            // What was prepared of the profile is what they come in with.
            host.enter();
        });
        const shown = await scenes[name]?.go(app);
        expect(shown).toBeVisible();
        expect(untranslated(shown ?? document.body)).toEqual([]);
    });
});

describe('in German', () => {
    test('sessions have German dates', async () => {
        await useLanguage('de');
        const { user } = openApp((host) => {
            host.sessions = host.sessions.map((session) => ({ ...session, created_at: '2026-01-12T12:00:00Z' }));
            host.signedIn();
        });
        await go(user, SESSIONS);
        const current = await screen.findByRole('region', { name: 'Aktuelle Sitzung' });
        expect(within(current).getByText('Erstellt').nextElementSibling).toHaveTextContent(
            /^12\. Jan\. 2026, \d{2}:\d{2}$/u,
        );
        expect(screen.getByRole('button', { name: /^Firefox auf macOS/u })).toBeVisible();
    });

    test('a session says when it was active', async () => {
        await useLanguage('de');
        const now = new Date(2026, 10, 20, 12);
        const device = sample.session('a', { last_modified_at: new Date(2026, 10, 17, 12).toISOString() });
        expect(title(device)).toBe('Firefox auf macOS');
        expect(summary(device, now)).toBe('MacBook Pro, 198.51.100.7, aktiv vor 3 Tagen');
    });

    test('an event says in which order German does what is known of it', async () => {
        await useLanguage('de');
        const event: Activity = {
            ...(sample.activity()[0] as Activity),
            kind: 'integration_failed',
            details: { provider: 'gitlab', login: 'maren', fields: ['location', 'bio'] },
        };
        expect(titleOf(event)).toBe('Die Verbindung zu GitLab funktioniert nicht mehr: @maren');
        expect(captionOf(event)[0]).toBe('Ort, Über mich');
    });
});

describe('in Arabic', () => {
    test('the number of backup codes left takes the words of its category', async () => {
        expect([0, 1, 2, 3, 11, 100].map((codes) => ar.twoFactor.left(codes, 100))).toEqual([
            'لم يبقَ أي رمز من 100',
            'بقي رمز واحد من 100',
            'بقي رمزان من 100',
            'بقيت 3 رموز من 100',
            'بقي 11 رمزًا من 100',
            'بقي 100 رمز من 100',
        ]);
        await useLanguage('ar');
        const { user } = openApp((host) => host.withTwoFactor(7).signedIn());
        await go(user, TWO_FACTOR);
        expect(screen.getByText('بقيت 7 رموز من 10')).toBeVisible();
        expect(screen.getByRole('img', { name: 'بقيت 7 رموز من 10' })).toBeVisible();
    });

    test('what goes with an account is counted, and what that means agrees with it', async () => {
        await useLanguage('ar');
        const deletion: Deletion = {
            username: 'maren',
            avatar: false,
            sessions: 2,
            api_keys: 1,
            ssh_keys: 2,
            integrations: 0,
            container_registries: 3,
            events: 12,
            backup_codes: 10,
            code_required: true,
            username_held_days: 30,
        };
        expect(removed(deletion).map(({ what, means }) => `${what}: ${means}`)).toEqual([
            'ملفك الشخصي: الاسم والبريد الإلكتروني والموقع والنبذة',
            'جلستان: يُسجَّل خروج كل جهاز، وهذا أيضًا',
            'مفتاح API واحد: تفشل الطلبات التي تستخدمه فورًا',
            'مفتاحا SSH: لن يتيحا لك الدخول إلى أي مكان',
            '3 سجلات حاويات: تُنسى كلمات مرورها',
            '12 حدثًا: نشاط حسابك',
            '10 رموز احتياطية: تتوقف عن العمل',
            'اسم المستخدم maren: لا يستطيع أحد أخذه مدة 30 يومًا، ثم يستطيع أي أحد',
        ]);
    });
});

test('the categories of activity stand in the same order in every language', () => {
    const order = (said: { activity: { categories: Record<Category, string> } }) =>
        Object.keys(said.activity.categories);
    expect(order(de)).toEqual(order(pseudo));
    expect(order(ar)).toEqual(order(pseudo));
});
