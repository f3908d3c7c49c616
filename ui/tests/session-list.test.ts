import { describe, expect, test } from 'vitest';
import { Session } from '$lib/session.svelte';
import { SessionList } from '$features/sessions/session-list.svelte';
import { freshHost } from './host';

/** A list with its first page of two. */
async function read() {
    const host = freshHost();
    host.signedIn();
    host.pageSize = 2;
    const list = new SessionList(new Session());
    await list.load();
    return { host, list };
}

const ids = (list: SessionList) => list.items?.map(({ id }) => id);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('two readings at once', () => {
    test('looking for a session waits for the page that is on its way', async () => {
        const { host, list } = await read();
        const release = host.hold('list_sessions');
        void list.more();
        list.review('unknown');
        await settled();
        expect(list.reviewedClosed).toBe(false);
        release();
        await settled();
        expect(ids(list)).toContain('unknown');
        expect(host.asked('list_sessions')).toEqual([{}, { after: '2' }, {}]);
    });

    test('a page that does not follow what is there is dropped', async () => {
        const { host, list } = await read();
        const release = host.hold('list_sessions');
        const late = list.more();
        host.pageSize = 3;
        await list.load();
        release();
        await late;
        expect(ids(list)).toEqual(['current', 'firefox', 'safari']);
        await list.more();
        expect(ids(list)).toEqual(['current', 'firefox', 'safari', 'unknown']);
    });

    test('of two first pages the later one asked for is believed', async () => {
        const { host, list } = await read();
        const release = host.hold('list_sessions');
        const late = list.load();
        host.pageSize = 50;
        await list.load();
        const all = ids(list);
        host.sessions = [];
        release();
        await late;
        expect(ids(list)).toEqual(all);
    });
});

describe('how far it is read', () => {
    test('again as far as before, without taking away meanwhile what is shown', async () => {
        const { host, list } = await read();
        await list.more();
        expect(ids(list)).toHaveLength(4);
        host.pageSize = 1;
        const lengths = new Set<number>();
        const loading = list.load();
        for (let turn = 0; turn < 20; turn += 1) {
            lengths.add(list.items?.length ?? 0);
            await Promise.resolve();
        }
        await loading;
        expect([...lengths]).toEqual([4]);
        expect(ids(list)).toEqual(['current', 'firefox', 'safari', 'unknown']);
    });

    test('to the end, where all of it is asked for', async () => {
        const { host, list } = await read();
        host.pageSize = 1;
        await list.loadAll();
        expect(ids(list)).toHaveLength(4);
        expect(list.next).toBeNull();
    });
});
