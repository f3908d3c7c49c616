import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { offered } from './sample-connections';

async function begin(prepare?: (host: FakeHost) => void) {
    const app = await openSection('Source code integration', prepare);
    await app.user.click(await screen.findByRole('button', { name: 'Connect' }));
    return app;
}

const dialog = async () => within(await screen.findByRole('dialog', { name: 'Connect GitHub' }));

describe('with a code', () => {
    test('shows it large, copies it and opens the browser, and closes once it is connected', async () => {
        const { host, user } = await begin();
        const open = await dialog();
        expect(await open.findByText('WDJB-MJHT')).toBeVisible();
        expect(open.getByText('Enter this code at github.com/login/device.')).toBeVisible();
        expect(open.getByText('Waiting for GitHub, 14 minutes left')).toBeVisible();
        const copy = open.getByRole('button', { name: 'Copy and open browser' });
        expect(copy).toHaveFocus();
        await user.keyboard('{Enter}');
        expect(await open.findByText(/^The code is on the clipboard\./u)).toBeVisible();
        expect(host.clipboard).toBe('WDJB-MJHT');
        host.connections.agree();
        expect(await screen.findByText('GitHub connected as @maren')).toBeVisible();
        expect(screen.queryByRole('dialog')).toBeNull();
        expect(host.asked('cancel_connection')).toEqual([]);
        expect(screen.getAllByRole('button', { name: 'Disconnect' })).toHaveLength(2);
        // The button that opened it is gone.
        await waitFor(() => expect(document.activeElement).not.toBe(document.body));
    });

    test('says to type it where the clipboard does not take it', async () => {
        const { host, user } = await begin((fresh) => (fresh.connections.copies = false));
        const open = await dialog();
        await user.click(await open.findByRole('button', { name: 'Copy and open browser' }));
        expect(await open.findByText('Type the code in the browser.')).toBeVisible();
        expect(open.queryByText(/on the clipboard/u)).toBeNull();
        expect(host.clipboard).toBeNull();
    });

    test('asks who is there above the dialog, and goes on by itself', async () => {
        const { host, user } = await begin((fresh) => (fresh.stale = ['password']));
        const proof = within(await screen.findByRole('dialog', { name: 'Confirm it is you' }));
        await user.type(proof.getByLabelText('Password'), `${host.password}{Enter}`);
        expect(await (await dialog()).findByText('WDJB-MJHT')).toBeVisible();
    });

    test('giving the proof up closes it', async () => {
        const { user } = await begin((fresh) => (fresh.stale = ['password']));
        const proof = within(await screen.findByRole('dialog', { name: 'Confirm it is you' }));
        await user.click(proof.getByRole('button', { name: 'Cancel' }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    });

    test.each(['Cancel', 'Close'])('%s gives it up, and the focus back', async (name) => {
        const { host, user } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        await user.click(open.getByRole('button', { name }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(host.asked('cancel_connection')).toEqual([{ id: 'attempt-1' }]);
        expect(screen.getByRole('button', { name: 'Connect' })).toHaveFocus();
    });

    test('given up before the code is there, the attempt is cancelled all the same', async () => {
        let release: () => void = () => undefined;
        const { host, user } = await begin((fresh) => (release = fresh.hold('connect_integration')));
        await dialog();
        await user.keyboard('{Escape}');
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        release();
        await waitFor(() => expect(host.asked('cancel_connection')).toEqual([{ id: 'attempt-1' }]));
    });

    test('a code that has expired is followed by another one', async () => {
        const { host, user } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        host.connections.end('expired');
        expect(await open.findByText('The code has expired')).toBeVisible();
        const again = open.getByRole('button', { name: 'Get a new code' });
        await waitFor(() => expect(again).toHaveFocus());
        await user.keyboard('{Enter}');
        expect(await open.findByText('KLPQ-2TRX')).toBeVisible();
        expect(host.asked('cancel_connection')).toEqual([]);
    });

    test('an attempt nobody knows of any more has expired', async () => {
        await begin((fresh) => fresh.refuse('wait_for_connection', refusal('not_found')));
        expect(await (await dialog()).findByText('The code has expired')).toBeVisible();
    });

    test('a no is told, and can be thought over', async () => {
        const { host, user } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        host.connections.end('denied');
        expect(await open.findByText('GitHub was told no')).toBeVisible();
        await user.click(open.getByRole('button', { name: 'Try again' }));
        expect(await open.findByText('KLPQ-2TRX')).toBeVisible();
    });

    test.each([
        [
            'Another account is connected there. Sign in as @maren.',
            'Another account is connected there. Sign in as @maren.',
        ],
        [null, 'GitHub refused it. Try again, or ask your System Administrator.'],
    ])('a failure says why: %s', async (detail, said) => {
        const { host } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        host.connections.end('failed', detail);
        expect(await open.findByText('GitHub could not be connected')).toBeVisible();
        expect(open.getByText(said)).toBeVisible();
    });

    test('what is in the way is told; it goes on, and is gone when it is over', async () => {
        const { host } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        host.emit('connection_trouble', { id: 'attempt-1', failure: failureOf('provider_unavailable') });
        expect(await open.findByText('The provider cannot be reached')).toBeVisible();
        expect(open.getByText('WDJB-MJHT')).toBeVisible();
        host.emit('connection_trouble', { id: 'attempt-0', failure: null });
        expect(open.getByText('The provider cannot be reached')).toBeVisible();
        host.emit('connection_trouble', { id: 'attempt-1', failure: null });
        await waitFor(() => expect(open.queryByText('The provider cannot be reached')).toBeNull());
    });

    test('a browser that cannot be opened', async () => {
        const { host, user } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        host.refuse('open_connection_page', refusal('browser_unavailable'));
        await user.click(open.getByRole('button', { name: 'Copy and open browser' }));
        expect(await open.findByText('The browser was not opened')).toBeVisible();
        await user.click(open.getByRole('button', { name: 'Copy and open browser' }));
        await waitFor(() => expect(open.queryByText('The browser was not opened')).toBeNull());
    });
});

describe('what cannot begin', () => {
    test.each([
        [refusal('provider_unavailable', { detail: 'github.com did not answer.' }), 'github.com did not answer.'],
        [refusal('not_found'), 'GitHub is not set up here'],
        [
            refusal('conflict', { detail: 'Disconnect one of your 20 accounts first.' }),
            'Disconnect one of your 20 accounts first.',
        ],
        [
            refusal('invalid_field', {
                errors: [{ pointer: '/method', code: 'invalid', detail: 'github.com takes no device codes.' }],
            }),
            'github.com takes no device codes.',
        ],
    ])('says why, and can be tried again', async (failure, said) => {
        const { user } = await begin((host) => host.refuse('connect_integration', failure));
        const open = await dialog();
        expect(await open.findByText(said)).toBeVisible();
        await user.click(open.getByRole('button', { name: 'Try again' }));
        expect(await open.findByText('WDJB-MJHT')).toBeVisible();
    });
});

describe('with the browser', () => {
    test('instead of a code, and back', async () => {
        const { host, user } = await begin();
        const open = await dialog();
        await open.findByText('WDJB-MJHT');
        await user.click(open.getByRole('button', { name: 'Use the browser instead' }));
        expect(await open.findByText('Agree in your browser, then come back.')).toBeVisible();
        expect(host.asked('cancel_connection')).toEqual([{ id: 'attempt-1' }]);
        expect(screen.queryByText('WDJB-MJHT')).toBeNull();
        await user.click(open.getByRole('button', { name: 'Open the browser again' }));
        await waitFor(() => expect(host.asked('open_connection_page')).toEqual([{ id: 'attempt-2' }]));
        expect(screen.queryByText(/on the clipboard/u)).toBeNull();
        await user.click(open.getByRole('button', { name: 'Use a code instead' }));
        expect(await open.findByText('KLPQ-2TRX')).toBeVisible();
        expect(host.asked('connect_integration').map(({ method }) => method)).toEqual([
            'device',
            'authorization_code',
            'device',
        ]);
    });

    test('where that is the only way', async () => {
        const { host } = await begin(
            (fresh) => (fresh.connections.integrations = [offered({ methods: ['authorization_code'] })]),
        );
        const open = await dialog();
        expect(await open.findByRole('button', { name: 'Open the browser again' })).toBeVisible();
        expect(open.queryByRole('button', { name: /instead/u })).toBeNull();
        host.connections.end('expired');
        expect(await open.findByText('It took too long')).toBeVisible();
        expect(open.getByRole('button', { name: 'Try again' })).toBeVisible();
    });
});
