import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openApp, goToSection } from './open-app';
import { localPlace, northwindPlace } from './samples';

async function open(place = northwindPlace, prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        host.signedIn(place);
        prepare(host);
    });
    await screen.findByRole('button', { name: 'Edit profile' });
    return app;
}

async function openDocumentation(...from: Parameters<typeof open>) {
    const app = await open(...from);
    await app.user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
    await app.user.click(screen.getByRole('menuitem', { name: 'API documentation' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'API documentation' })).toHaveFocus();
    return app;
}

const search = () => screen.getByRole('searchbox', { name: 'Search the documentation' });
const entry = (name: RegExp) => screen.findByRole('button', { name });

describe('the API documentation', () => {
    test('unfolds an endpoint: who may call, the line for this server, the answer, the errors', async () => {
        const { host, user } = await openDocumentation();
        await user.click(await entry(/^GET Read the profile \/v1\/me$/u));
        expect(screen.getByText('API key', { selector: '.badge' })).toBeVisible();
        expect(screen.getByText('Scope api')).toBeVisible();
        const line = screen.getByRole('group', { name: 'The call as a line for a shell' });
        expect(line).toHaveTextContent("curl 'https://accounts.northwind.example/v1/me'");
        await user.click(screen.getByRole('button', { name: 'Copy the line' }));
        expect(host.clipboard).toBe(line.textContent);
        expect(screen.getByRole('group', { name: 'What is answered' }).textContent).toBe(
            '200\nETag: "1-a"\n\n{\n  "username": "ada"\n}',
        );
        expect(within(screen.getAllByRole('table', { name: 'Errors' })[0] as HTMLElement).getByText('Sign in first'));
        await user.click(await entry(/^GET Read the profile/u));
        expect(screen.queryByRole('group', { name: 'What is answered' })).toBeNull();
    });

    test('says what has to be proved, and what goes where', async () => {
        const { user } = await openDocumentation();
        await user.click(await entry(/Create a named API key/u));
        expect(screen.getByText('Password and second factor within 5 min')).toBeVisible();
        await user.click(await entry(/Change the profile/u));
        const parameters = screen.getByRole('table', { name: 'Parameter' });
        expect(within(parameters).getByRole('rowheader')).toHaveTextContent('if-match' + 'in the header');
        expect(screen.getAllByRole('table', { name: 'Field' })[0]).toHaveTextContent('bio' + 'optional');
        await user.click(await entry(/Read an avatar/u));
        expect(screen.getByText('Anyone')).toBeVisible();
    });

    test('finds by any words of path, method, summary, area and field', async () => {
        const { user } = await openDocumentation();
        await user.type(await screen.findByRole('searchbox'), 'PATCH bio');
        expect(screen.getByRole('button', { name: /Change the profile/u })).toBeVisible();
        expect(screen.queryByRole('button', { name: /Read the profile/u })).toBeNull();
        expect(screen.queryByRole('heading', { name: 'API keys' })).toBeNull();
        expect(screen.getByText('1 entry found')).toBeInTheDocument();
        await user.clear(search());
        await user.type(search(), 'no such thing');
        await user.click(screen.getByRole('button', { name: 'Show all' }));
        expect(search()).toHaveValue('');
        await user.type(search(), 'stale{Escape}');
        expect(search()).toHaveValue('');
        expect(screen.getByRole('button', { name: /Your key/u })).toBeVisible();
    });

    test('a named type leads to its own entry, whatever was searched for', async () => {
        const { user } = await openDocumentation();
        await user.type(await screen.findByRole('searchbox'), 'read the profile');
        await user.click(await entry(/Read the profile/u));
        await user.click(screen.getByRole('button', { name: 'AvatarLink' }));
        await waitFor(() => expect(document.activeElement).toHaveAttribute('id', 'type-AvatarLink'));
        expect(screen.getByText('Path on this service.')).toBeVisible();
        await user.click(await entry(/^Scope$/u));
        expect(screen.getByText('registry')).toBeVisible();
    });

    test('opens in the browser, or says why not', async () => {
        const { host, user } = await openDocumentation();
        const button = await screen.findByRole('button', { name: 'Open in browser' });
        host.refuse('open_api_documentation', refusal('browser_unavailable'));
        await user.click(button);
        expect(await screen.findByText(/browser/u, { selector: '.toast *' })).toBeVisible();
        await user.click(button);
        expect(host.asked('open_api_documentation')).toHaveLength(2);
    });

    test('on this computer says how to switch the REST API on, and leads there', async () => {
        const { user } = await openDocumentation(localPlace);
        const fact = await screen.findByText('Nothing listens on this computer yet');
        expect(screen.queryByRole('button', { name: 'Open in browser' })).toBeNull();
        const notice = within(fact.closest('.alert') as HTMLElement);
        await user.click(notice.getByRole('button', { name: 'API keys' }));
        expect(await screen.findByRole('heading', { level: 1, name: 'API keys' })).toHaveFocus();
    });

    test('on this computer names where the REST API listens once it does', async () => {
        await openDocumentation(localPlace, (host) => {
            host.restApi = { enabled: true, port: 43_117, url: 'http://127.0.0.1:43117', failure: null };
        });
        expect(await screen.findByText('http://127.0.0.1:43117')).toBeVisible();
        expect(screen.getByRole('button', { name: 'Open in browser' })).toBeVisible();
    });

    test('goes back to where it was opened from', async () => {
        const { user } = await open();
        await goToSection(user, 'Sessions');
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'API documentation' }));
        await user.click(await screen.findByRole('button', { name: 'Back' }));
        expect(await screen.findByRole('heading', { level: 1, name: 'Sessions' })).toHaveFocus();
    });

    test('a failure can be tried again', async () => {
        const { user } = await openDocumentation(northwindPlace, (host) =>
            host.refuse('get_api_documentation', refusal('internal')),
        );
        await user.click(await screen.findByRole('button', { name: 'Try again' }));
        expect(await screen.findByRole('button', { name: /Your key/u })).toBeVisible();
    });
});
