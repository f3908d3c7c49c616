import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cooldown } from '$lib/cooldown.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('counts down, and ends', () => {
    const cooldown = new Cooldown(3);
    expect(cooldown.left).toBe(0);
    cooldown.start();
    expect(cooldown.left).toBe(3);
    vi.advanceTimersByTime(1_000);
    expect(cooldown.left).toBe(2);
    vi.advanceTimersByTime(2_000);
    expect(cooldown.left).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
});

test('goes by the clock where the timer stood still', () => {
    const cooldown = new Cooldown(30);
    cooldown.start();
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(1_000);
    expect(cooldown.left).toBe(0);
});

test('begins anew', () => {
    const cooldown = new Cooldown(3);
    cooldown.start();
    vi.advanceTimersByTime(2_000);
    cooldown.start();
    expect(cooldown.left).toBe(3);
    expect(vi.getTimerCount()).toBe(1);
    cooldown.stop();
});
