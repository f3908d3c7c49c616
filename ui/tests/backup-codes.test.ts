import { screen, waitFor, within } from '@testing-library/svelte';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, goToSection } from './open-app';
import { localPlace } from './samples';

/** New codes in the place of the old ones, which stay in use until these are saved. */
async function replacing(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.withTwoFactor(7).signedIn();
        prepare(host);
    });
    const old = app.host.backupCodes;
    await goToSection(app.user, 'Two-factor authentication');
    const opener = await screen.findByRole('button', { name: 'Generate New Backup Codes' });
    await app.user.click(opener);
    await screen.findByRole('dialog', { name: 'Save your new backup codes' });
    const codes = [...document.querySelectorAll('.codes code')].map(({ textContent }) => textContent);
    return { ...app, old, codes, opener };
}

/** The first codes, with two-factor authentication just switched on. */
async function first(prepare: (host: FakeHost) => void = (host) => host.signedIn()) {
    const app = openApp(prepare);
    await goToSection(app.user, 'Two-factor authentication');
    await app.user.click(await screen.findByRole('button', { name: 'Enable Two-Factor Authentication' }));
    await app.user.click(await screen.findByRole('button', { name: 'Continue' }));
    await screen.findByRole('textbox', { name: 'Digit 1 of 6' });
    await app.user.paste(app.host.totp);
    await screen.findByRole('dialog', { name: 'Save your backup codes' });
    return app;
}

const press = (user: UserEvent, name: string) => user.click(screen.getByRole('button', { name }));
const gone = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());

describe('saving', () => {
    test.each([
        ['Copy', 'Copied. They leave the clipboard in 60 seconds.'],
        ['Download Backup Codes', 'Saved to latchkey-backup-codes-maren.txt in Documents.'],
        ['Print', 'Handed to the printer.'],
    ])('by %s puts new codes into use, says it aloud, and closes without a question', async (button, words) => {
        const { host, user, codes, opener } = await replacing();
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
        await press(user, button);
        const said = await screen.findByText(/The new codes are in use; the old ones no longer work/u);
        expect(said).toHaveTextContent(words);
        expect(said).toHaveAttribute('role', 'status');
        expect(host.backupCodes).toEqual(codes);
        await press(user, 'Close');
        await gone();
        expect(await screen.findByText('Your new backup codes are in use')).toBeVisible();
        expect(await screen.findByText('10 of 10 left')).toBeVisible();
        await waitFor(() => expect(opener).toHaveFocus());
    });

    test('copies all ten as a secret, a line each', async () => {
        const { host, user, codes } = await replacing();
        await press(user, 'Copy');
        await screen.findByText(/^Copied/u);
        expect(codes).toHaveLength(10);
        expect(host.asked('copy_secret')).toEqual([{ text: codes.join('\n') }]);
    });

    test('confirms a set once, however often it is saved', async () => {
        const { host, user } = await replacing();
        await press(user, 'Copy');
        await screen.findByText(/in use/u);
        await press(user, 'Download Backup Codes');
        await screen.findByText(/^Saved to/u);
        expect(host.asked('confirm_backup_codes')).toHaveLength(1);
    });

    test('first codes need no confirming', async () => {
        const { host, user } = await first();
        await press(user, 'Download Backup Codes');
        expect(await screen.findByText('Saved to latchkey-backup-codes-maren.txt in Documents.')).toBeVisible();
        await press(user, 'Close');
        await gone();
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
        expect(host.file?.split('\n')).toEqual(host.backupCodes);
    });

    test.each([
        ['file_unwritable', 'The file could not be saved'],
        ['disk_full', 'There is no room left on the disk'],
    ] as const)('a file that fails (%s) is said; the codes stay and nothing is confirmed', async (code, words) => {
        const { host, user, codes } = await replacing();
        host.refuse('save_backup_codes', refusal(code));
        await press(user, 'Download Backup Codes');
        expect(await screen.findByRole('alert')).toHaveTextContent(words);
        expect(screen.getByText(codes[0] ?? '')).toBeVisible();
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
    });

    test('a save dialog that was cancelled is no save', async () => {
        const { host, user } = await replacing((fresh) => (fresh.folder = null));
        await press(user, 'Download Backup Codes');
        await waitFor(() => expect(host.asked('save_backup_codes')).toHaveLength(1));
        await press(user, 'Close');
        expect(await screen.findByText('You have not saved your new backup codes')).toBeVisible();
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
    });

    test('a printer that fails is said, and is no save', async () => {
        const { host, user } = await replacing();
        host.refuse('print_page', refusal('printer_unavailable'));
        await press(user, 'Print');
        expect(await screen.findByRole('alert')).toHaveTextContent('The sheet could not be printed');
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
    });

    test('what was saved but is not in use is said, and can be tried again', async () => {
        const { host, user, old } = await replacing();
        host.refuse('confirm_backup_codes', refusal('timed_out'));
        await press(user, 'Copy');
        expect(await screen.findByRole('alert')).toHaveTextContent('The server took too long to answer');
        await press(user, 'Close');
        expect(await screen.findByText('Your new backup codes are not in use yet')).toBeVisible();
        expect(host.backupCodes).toEqual(old);
        await press(user, 'Try again');
        expect(await screen.findByText(/The new codes are in use/u)).toBeVisible();
        expect(screen.queryByText('Your new backup codes are not in use yet')).toBeNull();
    });
});

describe('while they are being saved', () => {
    test.each([
        ['save_backup_codes', 'Close'],
        ['save_backup_codes', 'Esc'],
        ['confirm_backup_codes', 'Close'],
        ['confirm_backup_codes', 'Esc'],
    ] as const)('nothing closes the dialog (%s, %s)', async (command, way) => {
        const { host, user } = await replacing();
        const release = host.hold(command);
        await press(user, 'Download Backup Codes');
        await waitFor(() => expect(host.asked(command)).toHaveLength(1));
        if (way === 'Esc') await user.keyboard('{Escape}');
        else await press(user, 'Close');
        expect(screen.getByRole('dialog')).toBeVisible();
        expect(screen.queryByRole('alert')).toBeNull();
        release();
        expect(await screen.findByText(/The new codes are in use/u)).toBeVisible();
        await press(user, 'Close');
        await gone();
    });

    test('nor after the warning', async () => {
        const { host, user } = await replacing();
        await press(user, 'Close');
        const leave = await screen.findByRole('button', { name: 'Close without saving' });
        const release = host.hold('copy_secret');
        await press(user, 'Copy');
        await user.click(leave);
        expect(screen.getByRole('dialog')).toBeVisible();
        release();
        expect(await screen.findByText(/The new codes are in use/u)).toBeVisible();
    });
});

describe('codes that were replaced meanwhile', () => {
    test.each(['Close', 'Esc'])('are good for nothing, and all that is left is to close, by %s', async (way) => {
        const { host, user, old } = await replacing();
        host.refuse('confirm_backup_codes', refusal('not_found'));
        await press(user, 'Copy');
        const alert = await screen.findByRole('alert');
        expect(alert).toHaveTextContent('These codes were replaced');
        expect(alert).toHaveTextContent('Delete what you saved and generate new ones.');
        const buttons = within(screen.getByRole('dialog')).getAllByRole('button');
        expect(buttons.map(({ textContent }) => textContent.trim())).toEqual(['Close']);
        await waitFor(() => expect(buttons[0]).toHaveFocus());
        if (way === 'Esc') await user.keyboard('{Escape}');
        else await press(user, 'Close');
        await gone();
        expect(screen.queryByText('Your new backup codes are in use')).toBeNull();
        expect(host.backupCodes).toEqual(old);
    });

    test('also where somebody was about to close them unsaved', async () => {
        const { host, user } = await replacing();
        host.refuse('confirm_backup_codes', refusal('not_found'));
        await press(user, 'Close');
        await screen.findByRole('button', { name: 'Go back' });
        await press(user, 'Copy');
        await screen.findByText('These codes were replaced');
        expect(screen.getAllByRole('alert')).toHaveLength(1);
        await press(user, 'Close');
        await gone();
    });
});

describe('closing unsaved', () => {
    test.each(['Close', 'Esc'])('by %s warns inside the dialog; Go back keeps the codes', async (way) => {
        const { user, codes } = await replacing();
        if (way === 'Esc') await user.keyboard('{Escape}');
        else await press(user, 'Close');
        expect(await screen.findByRole('alert')).toHaveTextContent('You have not saved your new backup codes');
        const back = screen.getByRole('button', { name: 'Go back' });
        await waitFor(() => expect(back).toHaveFocus());
        await user.click(back);
        await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
        expect(screen.getByText(codes[0] ?? '')).toBeVisible();
        await waitFor(() => expect(screen.getByRole('button', { name: 'Download Backup Codes' })).toHaveFocus());
    });

    test('leaves the old codes in use, and says so', async () => {
        const { host, user, old } = await replacing();
        await press(user, 'Close');
        await press(user, 'Close without saving');
        await gone();
        expect(await screen.findByText('Your old backup codes stay in use')).toBeVisible();
        expect(host.asked('confirm_backup_codes')).toHaveLength(0);
        expect(host.backupCodes).toEqual(old);
        expect(await screen.findByText('7 of 10 left')).toBeVisible();
    });

    test('of the first codes says what that may cost', async () => {
        const { host, user } = await first();
        await user.keyboard('{Escape}');
        expect(await screen.findByRole('alert')).toHaveTextContent(
            /only your System Administrator can let you back in/u,
        );
        await press(user, 'Close without saving');
        await gone();
        expect(host.profile.two_factor_enabled).toBe(true);
    });

    test('of the first codes says so on this computer, where nobody else looks after the account', async () => {
        const { user } = await first((host) => host.signedIn(localPlace));
        await user.keyboard('{Escape}');
        expect(await screen.findByRole('alert')).toHaveTextContent(/nobody can let you back in/u);
        expect(document.body).not.toHaveTextContent('System Administrator');
    });

    test('saving after the warning takes it away', async () => {
        const { user } = await replacing();
        await press(user, 'Close');
        await screen.findByRole('alert');
        await press(user, 'Copy');
        await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
        await press(user, 'Close');
        await gone();
    });
});

describe('on paper', () => {
    test('the sheet stands beside the app while it is printed, with all that is needed', async () => {
        const { host, user, codes } = await replacing();
        let sheet: Element | null = null;
        host.next('print_page', () => {
            sheet = document.querySelector('body > .print-sheet')?.cloneNode(true) as Element | null;
            return null;
        });
        await press(user, 'Print');
        await waitFor(() => expect(host.asked('print_page')).toHaveLength(1));
        expect(sheet).not.toBeNull();
        const words = (sheet as unknown as Element).textContent;
        for (const code of codes) expect(words).toContain(code);
        expect(words).toMatch(/maren/u);
        expect(words).toMatch(/Northwind \(accounts\.northwind\.example\)/u);
        expect((sheet as unknown as Element).querySelectorAll('li i')).toHaveLength(10);
    });

    test('it goes with the dialog', async () => {
        const { user } = await replacing();
        await press(user, 'Print');
        await screen.findByText(/^Handed to the printer/u);
        await press(user, 'Close');
        await gone();
        expect(document.querySelector('.print-sheet')).toBeNull();
    });
});
