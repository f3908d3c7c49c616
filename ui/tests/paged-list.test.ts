import { expect, test, vi } from 'vitest';
import type { ListArgs } from '$bindings/ListArgs';
import { PagedList } from '$lib/paged-list.svelte';
import { refusal } from './fake-host';

/** Pages of two of whatever `rows` holds by then. */
function listOf(rows: string[]) {
    const read = vi.fn(({ after }: ListArgs) => {
        const from = after === undefined ? 0 : rows.indexOf(after) + 1;
        const items = rows.slice(from, from + 2);
        return Promise.resolve({ items, next: from + 2 < rows.length ? (items.at(-1) ?? null) : null });
    });
    return { list: new PagedList(read, (row: string) => row), read };
}

test('reading again reaches as far as was shown', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const { list, read } = listOf(rows);
    await list.load();
    await list.more();
    expect(list.items).toEqual(['a', 'b', 'c', 'd']);
    rows.unshift('new');
    const before = list.items;
    const reading = list.refresh();
    expect(list.items).toBe(before);
    await reading;
    expect(list.items).toEqual(['new', 'a', 'b', 'c']);
    expect(list.next).toBe('c');
    expect(read).toHaveBeenCalledTimes(4);
});

test('where rows have gone, it ends with what there is', async () => {
    const rows = ['a', 'b', 'c', 'd'];
    const { list } = listOf(rows);
    await list.load();
    await list.more();
    rows.splice(1, 2);
    await list.refresh();
    expect(list.items).toEqual(['a', 'd']);
    expect(list.next).toBeNull();
});

test('what was shown stays where a later page cannot be read', async () => {
    const { list, read } = listOf(['a', 'b', 'c', 'd', 'e']);
    await list.load();
    await list.more();
    read.mockResolvedValueOnce({ items: ['a', 'b'], next: 'b' }).mockRejectedValueOnce(refusal('busy'));
    await list.refresh();
    expect(list.items).toEqual(['a', 'b', 'c', 'd']);
    expect(list.failure?.code).toBe('busy');
});

test('a reading that was begun later is the one believed', async () => {
    const { list, read } = listOf(['a', 'b', 'c', 'd']);
    await list.load();
    await list.more();
    let answer: (page: { items: string[]; next: null }) => void = () => undefined;
    read.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const early = list.refresh();
    await list.refresh();
    answer({ items: ['old'], next: null });
    await early;
    expect(list.items).toEqual(['a', 'b', 'c', 'd']);
});
