import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { failureOf } from '../src/lib/refusal';
import { localPlace } from './samples';

async function open(prepare: (host: FakeHost) => void = () => undefined) {
    const app = await openSection('API keys', (host) => {
        host.signedIn(localPlace);
        prepare(host);
    });
    const section = await screen.findByRole('region', { name: 'REST API on this computer' });
    return { ...app, section: within(section) };
}

const turn = () => screen.findByRole('switch', { name: 'REST API on this computer' });

test('a server of other people is not served from here', async () => {
    const { host } = await openSection('API keys');
    await screen.findByText('lk_••••••••3f9a');
    expect(screen.queryByRole('switch')).toBeNull();
    await waitFor(() => expect(host.asked('get_rest_api')).toHaveLength(1));
    expect(screen.queryByRole('switch')).toBeNull();
});

test('while it is on, it is said at other places too, and can be switched off there', async () => {
    const url = 'http://127.0.0.1:43117';
    const { host, user } = await openSection('API keys', (fresh) => {
        fresh.restApi = { enabled: true, port: 43_117, url, failure: null };
    });
    expect(await screen.findByText('REST API on this computer is on')).toBeVisible();
    expect(screen.getByText(/can reach the accounts kept on it, not this one\./u)).toHaveTextContent(`At ${url},`);
    await user.click(await turn());
    expect(await screen.findByText('REST API on this computer is off')).toBeVisible();
    expect(host.asked('set_rest_api')).toEqual([{ enabled: false }]);
    await user.click(await turn());
    expect(await screen.findByText('REST API on this computer is on')).toBeVisible();
});

test('says who can reach it and what they can do, before it is switched on', async () => {
    const { section } = await open();
    expect(
        await section.findByText(/other people and programs that use this computer can reach it/u),
    ).toHaveTextContent(/Without a key they can only try to sign in, and see the picture/u);
});

test('is off to begin with; switched on it says where it is', async () => {
    const { host, user, section } = await open();
    const toggle = await turn();
    expect(toggle).not.toBeChecked();
    expect(section.queryByLabelText('Port')).toBeNull();
    await user.click(toggle);
    expect(toggle).toBeChecked();
    expect(host.asked('set_rest_api')).toEqual([{ enabled: true }]);
    await user.click(await section.findByRole('button', { name: 'Copy address' }));
    expect(host.clipboard).toBe('http://127.0.0.1:43117');
    expect(section.getByLabelText('Port')).toHaveValue('43117');
    await user.click(toggle);
    await waitFor(() => expect(section.queryByLabelText('Port')).toBeNull());
    expect(toggle).not.toBeChecked();
});

test('a port that is taken says so, and another one can be chosen', async () => {
    const { user, section } = await open((host) => (host.takenPorts = [43_117, 5_000]));
    await user.click(await turn());
    expect(await section.findByRole('alert')).toHaveTextContent('Port 43117 is taken Another program uses this port.');
    const port = section.getByLabelText('Port');
    const use = section.getByRole('button', { name: 'Use this port' });
    await user.clear(port);
    await user.type(port, '80');
    await user.click(use);
    expect(port).toHaveAccessibleDescription('Enter a number between 1024 and 65535.');
    await user.clear(port);
    await user.type(port, '5000{Enter}');
    await waitFor(() => expect(port).toHaveAccessibleDescription(/^Another program uses this port/u));
    await user.clear(port);
    await user.type(port, '5001{Enter}');
    expect(await screen.findByText('The REST API is at http://127.0.0.1:5001')).toBeVisible();
    expect(section.queryByRole('alert')).toBeNull();
});

const DENIED = 'This computer does not let Latchkey use port 43117. Choose another one.';
const BUSY = 'Another program uses port 43117. Choose another one.';
const FULL = 'Latchkey cannot use port 43117: too many open files.';
const refusedPort = [{ pointer: '/port', code: 'invalid' as const, detail: DENIED }];

test.each([
    ['a port that another program uses', failureOf('conflict', BUSY), `Port 43117 is taken ${BUSY}`],
    [
        'a port that the computer does not give',
        { ...failureOf('invalid_field'), errors: refusedPort },
        `The REST API does not run ${DENIED}`,
    ],
    ['any other fault', failureOf('internal', FULL), `The REST API does not run ${FULL}`],
])('%s is called what it is', async (_, failure, said) => {
    const { user, section } = await open((fresh) => {
        fresh.next('set_rest_api', () => (fresh.restApi = { enabled: true, port: 43_117, url: null, failure }));
    });
    await user.click(await turn());
    expect(await section.findByRole('alert')).toHaveTextContent(said);
});

test('why another port cannot be used stands at its field', async () => {
    const { host, user, section } = await open();
    await user.click(await turn());
    host.refuse('set_rest_api', refusal('invalid_field', { errors: refusedPort }));
    await user.clear(section.getByLabelText('Port'));
    await user.type(section.getByLabelText('Port'), '1025{Enter}');
    await waitFor(() => expect(section.getByLabelText('Port')).toHaveAccessibleDescription(DENIED));
});

test('what cannot be read can be tried again', async () => {
    const { user, section } = await open((host) => host.refuse('get_rest_api', refusal('internal')));
    await user.click(await section.findByRole('button', { name: 'Try again' }));
    expect(await turn()).not.toBeChecked();
});
