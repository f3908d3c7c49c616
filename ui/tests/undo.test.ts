import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Toasts } from '$lib/toasts.svelte';
import { openSection } from './open-app';

describe('by keyboard', () => {
    test('Ctrl+Z brings the last row back, and the focus to its button; then the one before', async () => {
        const { host, user } = await openSection('API keys');
        await user.click(await screen.findByRole('button', { name: 'Delete Old laptop' }));
        await user.click(screen.getByRole('button', { name: 'Delete Image mirror' }));
        await user.keyboard('{Control>}z{/Control}');
        expect(await screen.findByRole('button', { name: 'Delete Image mirror' })).toHaveFocus();
        await user.keyboard('{Control>}z{/Control}');
        await waitFor(() => expect(screen.getByRole('button', { name: 'Delete Old laptop' })).toHaveFocus());
        expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
        expect(host.asked('delete_api_key')).toEqual([]);
    });

    test('in a text field, Ctrl+Z is about what was typed', async () => {
        const { user } = await openSection('SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Remove YubiKey' }));
        const field = document.body.appendChild(document.createElement('input'));
        field.focus();
        await user.keyboard('{Control>}z{/Control}');
        expect(screen.queryByRole('button', { name: 'Remove YubiKey' })).toBeNull();
        field.blur();
        await user.keyboard('{Control>}z{/Control}');
        expect(await screen.findByRole('button', { name: 'Remove YubiKey' })).toHaveFocus();
    });

    test('F6 reaches the toast, where Undo brings the row back', async () => {
        // There is no layout: everything that is there shows.
        vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([new DOMRect()] as unknown as DOMRectList);
        const { user } = await openSection('SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Remove YubiKey' }));
        await user.keyboard('{F6}');
        expect(screen.getByRole('button', { name: 'Undo' })).toHaveFocus();
        await user.keyboard('{Enter}');
        expect(await screen.findByRole('button', { name: 'Remove YubiKey' })).toHaveFocus();
        vi.restoreAllMocks();
    });

    test('closing the toast gives the focus back to where it was', async () => {
        const { user } = await openSection('SSH keys');
        await user.click(await screen.findByRole('button', { name: 'Remove YubiKey' }));
        expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
        screen.getByRole('button', { name: 'Dismiss' }).focus();
        await user.keyboard('{Enter}');
        await waitFor(() => expect(screen.getByRole('heading', { level: 1 })).toHaveFocus());
    });
});

describe('beneath another toast', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test('what can be undone stands still, and shows again for its time', async () => {
        const toasts = new Toasts();
        const ended = vi.fn();
        toasts.undoable('Anvil deleted', vi.fn(), ended);
        toasts.done('Copied');
        await vi.advanceTimersByTimeAsync(2_000);
        toasts.done('Copied again');
        await vi.advanceTimersByTimeAsync(4_900);
        expect(toasts.current?.text).toBe('Copied again');
        expect(ended).not.toHaveBeenCalled();
        await vi.advanceTimersByTimeAsync(200);
        expect(toasts.current?.text).toBe('Anvil deleted');
        await vi.advanceTimersByTimeAsync(4_800);
        expect(ended).not.toHaveBeenCalled();
        await vi.advanceTimersByTimeAsync(200);
        expect(ended).toHaveBeenCalledOnce();
    });

    test('it can be undone all the same', () => {
        const toasts = new Toasts();
        const undo = vi.fn();
        toasts.undoable('Anvil deleted', undo, vi.fn());
        toasts.done('Copied');
        expect(toasts.undo()).toBe(true);
        expect(undo).toHaveBeenCalledOnce();
        expect(toasts.current?.text).toBe('Copied');
        expect(toasts.undo()).toBe(false);
    });

    test('the one that shows after the one that was read is read too', async () => {
        const toasts = new Toasts();
        const ended = vi.fn();
        toasts.undoable('Anvil deleted', vi.fn(), ended);
        toasts.undoable('Bellows deleted', vi.fn(), vi.fn());
        toasts.hold();
        toasts.act();
        await vi.advanceTimersByTimeAsync(60_000);
        expect(ended).not.toHaveBeenCalled();
        toasts.resume();
        await vi.advanceTimersByTimeAsync(5_000);
        expect(ended).toHaveBeenCalledOnce();
    });
});
