import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from '$lib/session.svelte';
import { type FakeHost, refusal } from './fake-host';
import { freshHost } from './host';
import { northwindPlace } from './samples';

let host: FakeHost;
let session: Session;
let close: () => void;

beforeEach(() => {
    vi.useFakeTimers();
    host = freshHost();
    session = new Session();
});

afterEach(() => {
    close();
    vi.useRealTimers();
});

async function open(prepare: (host: FakeHost) => void = (fresh) => fresh.signedIn()) {
    prepare(host);
    close = session.open();
    await vi.advanceTimersByTimeAsync(0);
}

describe('the mirror', () => {
    test('reads the view once', async () => {
        await open(() => undefined);
        expect(session.view?.phase.name).toBe('first_run');
        expect(session.profile).toBeNull();
        expect(host.asked('get_view')).toHaveLength(1);
    });

    test('follows the event', async () => {
        await open();
        host.at(northwindPlace, {
            name: 'signed_out',
            reason: { kind: 'closed', by: 'closed_elsewhere' },
            login: 'maren',
        });
        host.emit('view', host.view());
        expect(session.view?.phase).toMatchObject({ name: 'signed_out', reason: { kind: 'closed' } });
    });

    test('hears nothing once it was closed', async () => {
        await open();
        close();
        await vi.advanceTimersByTimeAsync(0);
        host.emit('view', host.at(northwindPlace).view());
        expect(session.view?.phase.name).toBe('signed_in');
    });

    test('says why not even the view could be read, and tries again', async () => {
        await open((fresh) => fresh.refuse('get_view', refusal('internal')));
        expect(session.failure?.code).toBe('internal');
        await session.start();
        expect(session.failure).toBeNull();
        expect(session.view).not.toBeNull();
    });

    test('takes the view that a command answers, and keeps the old one when it is refused', async () => {
        await open((fresh) => fresh.at(northwindPlace));
        await expect(session.enter('sign_in', { login: 'maren', password: 'wrong' })).rejects.toMatchObject({
            code: 'invalid_credentials',
        });
        expect(session.view?.phase.name).toBe('signed_out');
        expect(session.entering).toBe(false);
        await session.enter('sign_in', { login: 'maren', password: host.password });
        expect(session.profile?.profile.username).toBe('maren');
    });

    test('a profile that was read replaces the one in the view', async () => {
        await open();
        host.changeElsewhere({ name: 'Maren O.' });
        await session.reload();
        expect(session.profile?.profile.name).toBe('Maren O.');
    });

    test('a late answer about somebody else is dropped', async () => {
        await open();
        const stranger = { ...host.profileView(), profile: { ...host.profile, id: 'another', name: 'Eve' } };
        session.replaceProfile(stranger);
        expect(session.profile?.profile.name).toBe('Maren Oyelaran');
    });

    test('a refusal that ends the session brings the view up to date', async () => {
        await open();
        host.phase = { name: 'signed_out', reason: { kind: 'expired' }, login: 'maren' };
        host.refuse('list_sessions', refusal('session_expired'));
        await expect(session.ask('list_sessions', {})).rejects.toMatchObject({ code: 'session_expired' });
        expect(session.view?.phase.name).toBe('signed_out');
    });
});

describe('offline', () => {
    test('is noticed, blocks, and ends with the next answer', async () => {
        await open();
        expect(session.blocked).toBeNull();
        host.refuse('list_sessions', refusal('offline'));
        await expect(session.ask('list_sessions', {})).rejects.toMatchObject({ code: 'offline' });
        expect(session.offlineSince).toBeInstanceOf(Date);
        expect(session.blocked).toContain('offline');
        await session.ask('list_sessions', {});
        expect(session.offlineSince).toBeNull();
    });

    test('comes back by itself, asking less and less often', async () => {
        await open();
        for (let attempts = 0; attempts < 4; attempts += 1) host.refuse('get_profile', refusal('offline'));
        await expect(session.ask('get_profile', {})).rejects.toMatchObject({ code: 'offline' });
        const asked = () => host.asked('get_profile').length;
        await vi.advanceTimersByTimeAsync(2_000);
        expect(asked()).toBe(2);
        await vi.advanceTimersByTimeAsync(3_999);
        expect(asked()).toBe(2);
        await vi.advanceTimersByTimeAsync(1);
        expect(asked()).toBe(3);
        await vi.advanceTimersByTimeAsync(8_000 + 16_000);
        expect(session.offlineSince).toBeNull();
        const settled = asked();
        await vi.advanceTimersByTimeAsync(120_000);
        expect(asked()).toBe(settled);
    });

    test('other failures are no reason to say so', async () => {
        await open();
        host.refuse('list_sessions', refusal('internal'));
        await expect(session.ask('list_sessions', {})).rejects.toMatchObject({ code: 'internal' });
        expect(session.offlineSince).toBeNull();
    });
});
