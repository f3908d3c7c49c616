import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal } from './fake-host';
import { openApp } from './open-app';
import { localPlace, northwind, northwindPlace } from './samples';

const plain = { ...northwind, origin: 'http://lab.example', name: 'Lab', transport: 'plain' } as const;

describe('the first run', () => {
    test('this computer', async () => {
        const { host, user } = openApp();
        expect(await screen.findByRole('heading', { name: 'Where is your account?' })).toBeVisible();
        await user.click(screen.getByRole('radio', { name: 'Use this computer' }));
        await user.click(screen.getByRole('button', { name: 'Continue' }));
        expect(await screen.findByRole('heading', { name: 'Create account' })).toBeVisible();
        expect(host.asked('choose_place')).toEqual([{ id: 'local', accept_plain: false }]);
    });

    test('a server, once it has said its name', async () => {
        const { host, user } = openApp();
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
        const address = screen.getByLabelText('Server URL');
        const proceed = screen.getByRole('button', { name: 'Continue' });
        expect(proceed).toHaveAttribute('aria-disabled', 'true');
        await user.type(address, 'accounts.northwind.example');
        expect(await screen.findByText('Northwind, version 4.2')).toBeVisible();
        expect(host.asked('check_server')).toEqual([{ address: 'accounts.northwind.example' }]);
        await user.click(proceed);
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
        expect(host.asked('choose_place')).toEqual([{ id: northwind.origin, accept_plain: false }]);
    });

    test('Enter looks at once, and goes on when there is an answer', async () => {
        const { host, user } = openApp();
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
        await user.type(screen.getByLabelText('Server URL'), `${northwind.origin}{Enter}`);
        expect(await screen.findByText('Northwind, version 4.2')).toBeVisible();
        expect(host.asked('choose_place')).toHaveLength(0);
        await user.type(screen.getByLabelText('Server URL'), '{Enter}');
        expect(await screen.findByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
    });

    test('Continue says why it waits, and leads to what is missing', async () => {
        const { user } = openApp();
        const proceed = await screen.findByRole('button', { name: 'Continue' });
        await user.click(proceed);
        expect(await screen.findByText('Choose where your account is first.')).toBeVisible();
        screen.getByRole('radio', { name: 'Use this computer' }).focus();
        await user.keyboard('{ArrowDown}');
        await user.click(proceed);
        expect(await screen.findByText('Enter the address of a server first.')).toBeVisible();
        expect(screen.getByLabelText('Server URL')).toHaveFocus();
    });

    test.each(['radio button', 'words'])(
        'a server chosen by a click on its %s is asked for its address',
        async (part) => {
            const { user } = openApp();
            const radio = await screen.findByRole('radio', { name: 'Connect to a server' });
            // Whatever had the focus before.
            screen.getByRole('button', { name: 'Continue' }).focus();
            await user.click(part === 'words' ? screen.getByText('Connect to a server') : radio);
            await waitFor(() => expect(screen.getByLabelText('Server URL')).toHaveFocus());
        },
    );

    test('one chosen by the keyboard keeps the focus on the choice', async () => {
        const { user } = openApp();
        const radio = await screen.findByRole('radio', { name: 'Connect to a server' });
        radio.focus();
        await user.keyboard(' ');
        await new Promise((resolve) => setTimeout(resolve));
        expect(screen.getByLabelText('Server URL')).toBeVisible();
        expect(radio).toHaveFocus();
    });

    test.each([
        ['offline', 'The server cannot be reached. Check your network connection and the address.'],
        ['not_latchkey', 'This is not a Latchkey server. Check the address.'],
        ['address_invalid', 'This is not an address. Enter it as in https://accounts.example.com.'],
        ['timed_out', 'The server took too long to answer. Try again in a moment.'],
        ['internal', 'Something went wrong.'],
        ['certificate_invalid', 'The certificate of this server cannot be trusted.'],
    ] as const)('%s is said in words and can be tried again', async (code, words) => {
        const { host, user } = openApp((fresh) => fresh.refuse('check_server', refusal(code)));
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
        await user.type(screen.getByLabelText('Server URL'), northwind.origin);
        expect(await screen.findByText(words, { exact: false })).toBeVisible();
        expect(screen.getByLabelText('Server URL')).toBeInvalid();
        await user.click(screen.getByRole('button', { name: 'Try again' }));
        expect(await screen.findByText('Northwind, version 4.2')).toBeVisible();
        expect(host.asked('check_server')).toHaveLength(2);
    });

    test('a late answer about an older address is not believed', async () => {
        const { host, user } = openApp();
        const release = host.hold('check_server');
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
        const address = screen.getByLabelText('Server URL');
        await user.type(address, `${northwind.origin}{Enter}`);
        await user.type(address, '.wrong{Enter}');
        expect(await screen.findByText(/cannot be reached/u)).toBeVisible();
        release();
        await new Promise((resolve) => setTimeout(resolve, 20));
        expect(screen.queryByText('Northwind, version 4.2')).toBeNull();
    });

    test('an unencrypted server warns, and wants a second confirmation', async () => {
        const { host, user } = openApp((fresh) => fresh.servers.push(plain));
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
        await user.type(screen.getByLabelText('Server URL'), plain.origin);
        expect(await screen.findByText('This connection is not encrypted')).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Continue' }));
        const question = await screen.findByRole('dialog', { name: 'Connect without encryption?' });
        expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
        await user.click(within(question).getByRole('button', { name: 'Cancel' }));
        expect(host.asked('choose_place')).toHaveLength(0);
        await user.click(screen.getByRole('button', { name: 'Continue' }));
        await user.click(await screen.findByRole('button', { name: 'Connect without encryption' }));
        expect(await screen.findByRole('heading', { name: 'Sign in to Lab' })).toBeVisible();
        expect(host.asked('choose_place')).toEqual([{ id: plain.origin, accept_plain: true }]);
        expect(screen.getByText('The connection to lab.example is not encrypted')).toBeVisible();
    });
});

describe('changing the server', () => {
    const twoPlaces = () =>
        openApp((host) => {
            host.at(localPlace);
            host.at(northwindPlace);
        });

    test('shows the places there are, the present one chosen, and leads back', async () => {
        const { user } = twoPlaces();
        await user.click(await screen.findByRole('button', { name: 'Change server' }));
        expect(screen.getByRole('radio', { name: 'Northwind' })).toBeChecked();
        expect(screen.getByRole('radio', { name: 'Connect to another server' })).toBeVisible();
        await user.click(screen.getByRole('button', { name: 'Back to Northwind' }));
        expect(screen.getByRole('heading', { name: 'Sign in to Northwind' })).toBeVisible();
    });

    test('to a known one', async () => {
        const { host, user } = twoPlaces();
        await user.click(await screen.findByRole('button', { name: 'Change server' }));
        await user.click(screen.getByRole('radio', { name: 'Use this computer' }));
        await user.click(screen.getByRole('button', { name: 'Continue' }));
        await waitFor(() => expect(host.asked('choose_place')).toEqual([{ id: 'local', accept_plain: false }]));
    });

    test('forgetting one asks first', async () => {
        const { host, user } = twoPlaces();
        await user.click(await screen.findByRole('button', { name: 'Change server' }));
        await user.click(screen.getByRole('button', { name: 'Forget Northwind' }));
        await user.click(await screen.findByRole('button', { name: 'Forget server' }));
        await waitFor(() => expect(screen.queryByRole('radio', { name: 'Northwind' })).toBeNull());
        expect(host.asked('forget_place')).toEqual([{ id: northwind.origin }]);
    });

    test('a failure stays on the screen with its words', async () => {
        const { host, user } = twoPlaces();
        await user.click(await screen.findByRole('button', { name: 'Change server' }));
        host.refuse('choose_place', refusal('storage_read_only'));
        await user.click(screen.getByRole('radio', { name: 'Use this computer' }));
        await user.click(screen.getByRole('button', { name: 'Continue' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('cannot be written');
    });
});
