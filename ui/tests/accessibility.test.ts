/** axe-core on every screen. Colours need a real engine: contrast.test.ts computes them, the desktop tests look. */

import { screen } from '@testing-library/svelte';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { openApp } from './open-app';
import { localPlace, northwindPlace } from './samples';

type App = ReturnType<typeof openApp>;

async function signedIn(): Promise<App> {
    const app = openApp((host) => host.signedIn());
    await screen.findByRole('button', { name: 'Edit profile' });
    return app;
}

const screens: Record<string, () => Promise<unknown>> = {
    'first run': async () => {
        const { user } = openApp();
        await user.click(await screen.findByRole('radio', { name: 'Connect to a server' }));
    },
    'sign in': () => {
        openApp((host) => {
            host.at(northwindPlace, { name: 'signed_out', reason: { kind: 'expired' }, login: 'maren' });
            host.keychain = { available: false, detail: null };
        });
        return screen.findByRole('button', { name: 'Sign in' });
    },
    'create account': async () => {
        const { user } = openApp((host) => host.at(localPlace));
        await user.click(await screen.findByRole('button', { name: 'Create account' }));
    },
    unavailable: () => {
        openApp((host) =>
            host.at(localPlace, {
                name: 'unavailable',
                failure: failureOf('storage_locked', 'Held.'),
            }),
        );
        return screen.findByRole('button', { name: 'Try again' });
    },
    profile: signedIn,
    'account menu': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
    },
    'switching accounts': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Maren Oyelaran' }));
        await user.click(screen.getByRole('menuitem', { name: 'Switch account' }));
    },
    'edit profile': async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        await user.clear(screen.getByLabelText(/^Name/u));
        await user.click(screen.getByRole('button', { name: 'Update User Information' }));
    },
    crop: async () => {
        const { user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        await screen.findByRole('dialog');
    },
    conflict: async () => {
        const { host, user } = await signedIn();
        await user.click(screen.getByRole('button', { name: 'Edit profile' }));
        host.changeElsewhere({ location: 'Oslo' });
        await user.type(screen.getByLabelText('Location'), '!{Enter}');
        await screen.findByRole('dialog');
    },
    sessions: async () => {
        const { user } = await signedIn();
        await user.keyboard('{Control>},{/Control}');
        await user.click(await screen.findByRole('button', { name: /^Firefox/u }));
    },
    confirmation: async () => {
        const { user } = await signedIn();
        await user.keyboard('{Control>},{/Control}');
        await user.click(await screen.findByRole('button', { name: 'Close all other sessions' }));
        await screen.findByRole('dialog');
    },
};

test.each(Object.entries(screens))('%s', async (_name, open) => {
    await open();
    const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
