import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { refusal, type FakeHost } from './fake-host';
import { openSection } from './open-app';
import { deadConnection } from './sample-connections';

async function open(prepare?: (host: FakeHost) => void) {
    const app = await openSection('Source code integration', prepare);
    await app.user.click(await screen.findByRole('button', { name: /^GitLab/u }));
    return { ...app, part: within(await screen.findByRole('region', { name: /^Repositories of/u })) };
}

const gitlab = { provider: 'gitlab', id: 'gitlab' } as const;

test('says what each is, copies its address and opens its page', async () => {
    const { host, user, part } = await open();
    const item = (await part.findByText('northwind/handbook')).closest('li');
    const row = within(item as HTMLElement);
    expect(row.getByText('Public')).toBeVisible();
    expect(row.getByTitle('Default branch')).toHaveTextContent('trunk');
    await user.click(row.getByRole('button', { name: 'Copy clone URL of northwind/handbook' }));
    expect(host.clipboard).toBe('https://gitlab.com/northwind/handbook.git');
    await user.click(row.getByRole('button', { name: 'Open northwind/handbook in the browser' }));
    expect(host.asked('open_repository')).toEqual([{ ...gitlab, web_url: 'https://gitlab.com/northwind/handbook' }]);
    host.refuse('open_repository', refusal('browser_unavailable'));
    await user.click(row.getByRole('button', { name: 'Open northwind/handbook in the browser' }));
    expect(await screen.findByText(/^No browser could be opened\./u)).toBeVisible();
});

test('is searched once typing rests, and says how many were found', async () => {
    const { host, user, part } = await open();
    await part.findByText('maren/scratch');
    await user.type(part.getByRole('searchbox'), 'maren/');
    expect(await part.findByText('2 repositories found')).toBeInTheDocument();
    expect(part.queryByText('northwind/handbook')).toBeNull();
    expect(host.asked('list_repositories')).toEqual([gitlab, { ...gitlab, search: 'maren/' }]);
    await user.type(part.getByRole('searchbox'), 'zzz');
    expect(await part.findByText('No repository has “maren/zzz” in its name.')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(await part.findByText('northwind/handbook')).toBeVisible();
});

test('comes page by page', async () => {
    const { host, user, part } = await open((fresh) => (fresh.pageSize = 2));
    await part.findByText('northwind/accounts');
    await user.click(part.getByRole('button', { name: 'Load more' }));
    expect(await part.findByText('maren/greenhouse')).toBeVisible();
    expect(host.asked('list_repositories')[1]).toEqual({ ...gitlab, after: '2' });
});

test('skeletons, a failure, trying again, and nothing there', async () => {
    let release: () => void = () => undefined;
    const { host, user, part } = await open((fresh) => {
        release = fresh.hold('list_repositories');
        fresh.connections.repositories = [];
    });
    expect(part.getByText('Loading repositories')).toBeInTheDocument();
    host.next('list_repositories', () => Promise.reject(refusal('provider_unavailable')));
    release();
    expect(await part.findByText('GitLab shows none to this account.')).toBeVisible();
    await user.type(part.getByRole('searchbox'), 'a');
    expect(await part.findByText('The provider cannot be reached')).toBeVisible();
    await user.click(part.getByRole('button', { name: 'Try again' }));
    expect(await part.findByText('Nothing found')).toBeVisible();
});

test('a connection that turns out not to work is looked at', async () => {
    const { host } = await open((fresh) => {
        fresh.refuse('list_repositories', refusal('connection_broken'));
        fresh.next('check_integration', () => deadConnection());
    });
    expect(await screen.findByRole('button', { name: 'Reconnect' })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('region', { name: /^Repositories of/u })).toBeNull());
    expect(host.asked('check_integration')).toEqual([gitlab]);
});
