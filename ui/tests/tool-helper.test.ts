import { expect, test } from 'vitest';
import { ToolHelper } from '$lib/tool-helper.svelte';

/** Promises that are settled by hand, in the order they were asked for. */
function settled<T>() {
    const open: { resolve: (value: T) => void; reject: (cause: unknown) => void }[] = [];
    return { open, ask: () => new Promise<T>((resolve, reject) => open.push({ resolve, reject })) };
}

test('a reading that was begun before switching and ends after it changes nothing', async () => {
    const [readings, switches] = [settled<string>(), settled<string>()];
    const helper = new ToolHelper(readings.ask, switches.ask);
    const reading = helper.load();
    const turning = helper.turn(true);
    switches.open[0]?.resolve('on');
    expect(await turning).toBe(true);
    readings.open[0]?.resolve('off');
    await reading;
    expect(helper.state).toBe('on');
});

test('what could not be switched is said until it is tried again, whatever is read meanwhile', async () => {
    const [readings, switches] = [settled<string>(), settled<string>()];
    const helper = new ToolHelper(readings.ask, switches.ask);
    const turning = helper.turn(true);
    await helper.load();
    expect(readings.open).toHaveLength(0);
    switches.open[0]?.reject(new Error('no git'));
    expect(await turning).toBe(false);
    const reading = helper.load();
    readings.open[0]?.resolve('off');
    await reading;
    expect(helper.state).toBe('off');
    expect(helper.failure).not.toBeNull();
});

test('a reading that works takes back that one did not', async () => {
    const readings = settled<string>();
    const helper = new ToolHelper(readings.ask, () => Promise.resolve('on'));
    const failed = helper.load();
    readings.open[0]?.reject(new Error('gone'));
    await failed;
    expect(helper.failure).not.toBeNull();
    const read = helper.load();
    readings.open[1]?.resolve('on');
    await read;
    expect(helper.failure).toBeNull();
});
