import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Closing } from '$lib/closing';
import { Removals, type RemovalOptions } from '$lib/removals.svelte';
import { Toasts } from '$lib/toasts.svelte';
import { refusal, type FakeHost } from './fake-host';
import { goToSection, openSection } from './open-app';

const open = (prepare?: (host: FakeHost) => void) => openSection('API keys', prepare);
const trash = (name: string) => screen.findByRole('button', { name: `Delete ${name}` });
const deleted = (host: FakeHost) => host.asked('delete_api_key').map(({ id }) => id);

const maren = { place: 'https://accounts.northwind.example', username: 'maren' };

function removalsOf(toasts: Toasts, send: RemovalOptions['send']): Removals {
    return new Removals({ toasts, closing: new Closing(), verb: 'deleted', account: () => maren, send });
}

describe('on the page', () => {
    test('the row goes at once, and Undo brings it back without a word to the service', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        expect(screen.queryByRole('row', { name: /^Old laptop/u })).toBeNull();
        expect(screen.getByRole('heading', { name: 'Named keys' })).toHaveFocus();
        expect(screen.getByRole('button', { name: 'API keys 3' })).toBeVisible();
        expect(screen.getByText('Old laptop deleted')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Undo' }));
        expect(screen.getByRole('row', { name: /^Old laptop/u })).toBeVisible();
        await goToSection(user, 'Password').catch(() => undefined);
        expect(deleted(host)).toEqual([]);
    });

    test('closing the toast sends it', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        expect(deleted(host)).toEqual([]);
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        await waitFor(() => expect(deleted(host)).toEqual(['laptop']));
    });

    test('a list that is read meanwhile does not bring the row back', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        await user.keyboard('{F5}');
        await waitFor(() => expect(host.asked('list_api_keys')).toHaveLength(2));
        expect(screen.queryByRole('row', { name: /^Old laptop/u })).toBeNull();
    });

    test('leaving the page sends it before the next one is there', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        await user.click(await trash('Image mirror'));
        await user.click(screen.getByRole('button', { name: /^Sessions/u }));
        await screen.findByRole('heading', { level: 1, name: 'Sessions' });
        expect(deleted(host)).toEqual(['laptop', 'mirror']);
        expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    });

    test('signing out sends it first', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
        await waitFor(() => expect(host.asked('sign_out')).toHaveLength(1));
        const names = host.calls.map(({ name }) => name);
        expect(names.indexOf('delete_api_key')).toBeGreaterThan(-1);
        expect(names.indexOf('delete_api_key')).toBeLessThan(names.indexOf('sign_out'));
    });

    test('what cannot be deleted comes back, says why, and can be tried again', async () => {
        const { host, user } = await open();
        host.refuse('delete_api_key', refusal('busy'));
        await user.click(await trash('Old laptop'));
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        const alert = await screen.findByRole('alert');
        expect(alert).toHaveTextContent('Old laptop was not deleted');
        expect(alert).toHaveTextContent('The server is busy');
        expect(screen.getByRole('row', { name: /^Old laptop/u })).toBeVisible();
        await user.click(within(alert).getByRole('button', { name: 'Try again' }));
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        await waitFor(() => expect(deleted(host)).toEqual(['laptop', 'laptop']));
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('the page stays where something could not be deleted', async () => {
        const { host, user } = await open();
        host.refuse('delete_api_key', refusal('busy'));
        await user.click(await trash('Old laptop'));
        await user.click(screen.getByRole('button', { name: /^Sessions/u }));
        expect(await screen.findByRole('alert')).toHaveTextContent('Old laptop was not deleted');
        expect(screen.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
    });

    test('two that cannot be deleted at once are both told', async () => {
        const { host, user } = await open();
        host.refuse('delete_api_key', refusal('busy'));
        host.refuse('delete_api_key', refusal('timed_out'));
        await user.click(await trash('Old laptop'));
        await user.click(await trash('Image mirror'));
        await user.click(screen.getByRole('button', { name: /^Sessions/u }));
        await waitFor(() => expect(screen.getAllByRole('alert')).toHaveLength(2));
        const [laptop, mirror] = screen.getAllByRole('alert');
        expect(laptop).toHaveTextContent(/^Old laptop was not deleted.*busy/u);
        expect(mirror).toHaveTextContent(/^Image mirror was not deleted.*too long/u);
    });

    test('one that is gone already counts as deleted', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        host.apiKeys = host.apiKeys.filter(({ id }) => id !== 'laptop');
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        await waitFor(() => expect(deleted(host)).toEqual(['laptop']));
        expect(screen.queryByRole('alert')).toBeNull();
    });
});

describe('whose row it was', () => {
    const ada = { place: 'local', place_name: 'This computer', username: 'ada', name: 'Ada Lovelace', current: false };
    const toAda = { place: 'local', username: 'ada' };

    /** Deletes a key and goes to another account before the answer is there. */
    async function leaveBehind(fail?: ReturnType<typeof refusal>) {
        const app = await open((host) => void host.accounts.push(ada));
        let answer: () => void = () => undefined;
        const waiting = new Promise<void>((resolve) => (answer = resolve));
        app.host.next('delete_api_key', async () => {
            await waiting;
            if (fail) throw fail;
            return null;
        });
        await app.user.click(await trash('Old laptop'));
        await app.user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await app.user.click(screen.getByRole('menuitem', { name: 'Switch account' }));
        await app.user.click(screen.getByRole('menuitemradio', { name: /^Ada Lovelace/u }));
        await screen.findByRole('heading', { level: 1, name: 'Ada Lovelace' });
        answer();
        await new Promise((resolve) => setTimeout(resolve));
        return app;
    }

    test('is said with every removal', async () => {
        const { host, user } = await open();
        await user.click(await trash('Old laptop'));
        await user.click(screen.getByRole('button', { name: 'Dismiss' }));
        await waitFor(() => expect(host.asked('delete_api_key')).toEqual([{ id: 'laptop', account: maren }]));
    });

    test('is the account it was removed for, whoever is in by the time it is sent', async () => {
        const send = vi.fn(() => Promise.resolve());
        let account = maren;
        const options = { toasts: new Toasts(), closing: new Closing(), verb: 'deleted' as const };
        const removals = new Removals({ ...options, account: () => account, send });
        removals.remove('a', 'Anvil');
        account = toAda;
        await removals.settle();
        expect(send).toHaveBeenCalledExactlyOnceWith({ id: 'a', account: maren });
    });

    test('what was removed is not said to have failed in the window of another account', async () => {
        await leaveBehind(refusal('cancelled'));
        expect(screen.queryByText(/was not deleted/u)).toBeNull();
    });

    test('what failed is said there, and tells nothing of the other account', async () => {
        await leaveBehind(refusal('offline'));
        expect(await screen.findByText('Old laptop was not deleted, and is still there')).toBeVisible();
        expect(screen.queryByText(/^You are offline\./u)).toBeNull();
    });
});

describe('time', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    function begin() {
        const toasts = new Toasts();
        const sent: string[] = [];
        const removals = removalsOf(toasts, ({ id }) => Promise.resolve(sent.push(id)));
        return { toasts, sent, removals };
    }

    test('each has its own', async () => {
        const { toasts, sent, removals } = begin();
        removals.remove('a', 'Anvil');
        await vi.advanceTimersByTimeAsync(3_000);
        removals.remove('b', 'Bellows');
        expect(toasts.current?.text).toBe('Bellows deleted');
        await vi.advanceTimersByTimeAsync(2_100);
        expect(sent).toEqual(['a']);
        await vi.advanceTimersByTimeAsync(3_000);
        expect(sent).toEqual(['a', 'b']);
    });

    test('undoing the newer one shows the older one again, while there is time', async () => {
        const { toasts, sent, removals } = begin();
        removals.remove('a', 'Anvil');
        removals.remove('b', 'Bellows');
        toasts.act();
        expect(toasts.current?.text).toBe('Anvil deleted');
        toasts.act();
        await vi.advanceTimersByTimeAsync(20_000);
        expect(sent).toEqual([]);
        expect([...removals.gone]).toEqual([]);
    });

    test('another toast does not send it', async () => {
        const { toasts, sent, removals } = begin();
        removals.remove('a', 'Anvil');
        toasts.note('Something else');
        expect(sent).toEqual([]);
        toasts.dismiss();
        expect(toasts.current?.text).toBe('Anvil deleted');
        await vi.advanceTimersByTimeAsync(5_000);
        expect(sent).toEqual(['a']);
    });

    test('stands still while the toast is read', async () => {
        const { toasts, sent, removals } = begin();
        removals.remove('a', 'Anvil');
        toasts.hold();
        await vi.advanceTimersByTimeAsync(60_000);
        expect(sent).toEqual([]);
        toasts.resume();
        await vi.advanceTimersByTimeAsync(5_000);
        expect(sent).toEqual(['a']);
    });

    test('a window that is put away sends it', async () => {
        const { sent, removals } = begin();
        const stop = removals.watch();
        removals.remove('a', 'Anvil');
        window.dispatchEvent(new Event('pagehide'));
        await vi.advanceTimersByTimeAsync(0);
        expect(sent).toEqual(['a']);
        stop();
    });

    test('whoever left the page is told that it is still there', async () => {
        const toasts = new Toasts();
        const removals = removalsOf(toasts, () => Promise.reject(refusal('busy')));
        removals.watch()();
        removals.remove('a', 'Anvil');
        expect(await removals.settle()).toBe(false);
        expect(toasts.current?.text).toBe('Anvil was not deleted, and is still there');
        expect([...removals.gone]).toEqual([]);
        removals.remove('a', 'Anvil');
        removals.remove('b', 'Bellows');
        await removals.settle();
        expect(toasts.current?.text).toBe('Anvil and Bellows were not deleted, and are still there');
    });

    test('leaving does not wait for ever', async () => {
        const removals = removalsOf(new Toasts(), () => new Promise(() => undefined));
        removals.remove('a', 'Anvil');
        const settled = removals.settle();
        await vi.advanceTimersByTimeAsync(2_000);
        expect(await settled).toBe(true);
    });
});
