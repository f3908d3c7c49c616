import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { expect } from 'vitest';
import App from '../src/App.svelte';
import type { FakeHost } from './fake-host';
import { freshHost } from './host';

/** The whole app on a fresh fake host that `prepare` has set up. */
export function openApp(prepare: (host: FakeHost) => void = () => undefined): { host: FakeHost; user: UserEvent } {
    const host = freshHost();
    prepare(host);
    render(App);
    return { host, user: userEvent.setup({ delay: null }) };
}

/** In the order of the sidebar. */
const SECTIONS = [
    'Password',
    'Two-factor authentication',
    'API keys',
    'Sessions',
    'Security check-up',
    'SSH keys',
    'Source code integration',
    'Container registries',
    'Activity',
    'Delete account',
] as const;

/** What the bell asks as soon as somebody is in. */
export const BELL = ['list_integrations', 'list_container_registries'] as const;

/** Goes to the section at a place in the sidebar, whatever it is called: by its key, where there are digits for it. */
export async function goToPlace(user: UserEvent, place: number): Promise<void> {
    await user.keyboard(`{Control>}${Math.min(place, 9)}{/Control}`);
    if (place <= 9) return;
    const entries = () => document.querySelectorAll<HTMLElement>('nav.side button');
    await waitFor(() => expect(entries().length).toBeGreaterThanOrEqual(place));
    await user.click(entries()[place - 1] as HTMLElement);
}

/** Goes to a section of the account by its key; the last one has none. */
export async function goToSection(user: UserEvent, name: (typeof SECTIONS)[number]): Promise<void> {
    await screen.findByRole('button', { name: 'Edit profile' });
    await goToPlace(user, SECTIONS.indexOf(name) + 1);
    await screen.findByRole('heading', { level: 1, name });
}

/** The app with the sample person signed in, at a section of the account. */
export async function openSection(
    name: (typeof SECTIONS)[number],
    prepare: (host: FakeHost) => void = () => undefined,
): Promise<ReturnType<typeof openApp>> {
    const app = openApp((host) => {
        host.signedIn();
        prepare(host);
    });
    await goToSection(app.user, name);
    return app;
}
