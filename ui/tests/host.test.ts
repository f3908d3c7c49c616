/** The real door to the shell, over Tauri's own mock of the bridge. */

import { mockIPC, clearMocks } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';
import { Refusal, failureOf } from '$lib/refusal';
import { call } from '../src/lib/host';

afterEach(() => clearMocks());

test('a command is called by its name, its arguments in one parameter', async () => {
    const heard: unknown[] = [];
    mockIPC((command, payload) => {
        heard.push([command, payload]);
        return { origin: 'https://a.example' };
    });
    expect(await call('check_server', { address: 'a.example' })).toEqual({ origin: 'https://a.example' });
    expect(heard).toEqual([['check_server', { args: { address: 'a.example' } }]]);
});

test('a refusal is thrown as one', async () => {
    mockIPC(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- Tauri throws what the command answered
        throw { ...failureOf('busy', 'Come back later.'), retry_after: 3 };
    });
    const refusal = await call('get_view', {}).catch((cause: unknown) => cause);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'busy', detail: 'Come back later.', retry_after: 3, errors: [] });
});

test('anything else the shell throws is an internal failure', async () => {
    mockIPC(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- Tauri answers an unknown command with a text
        throw 'command not found';
    });
    await expect(call('get_view', {})).rejects.toMatchObject({ code: 'internal' });
});
