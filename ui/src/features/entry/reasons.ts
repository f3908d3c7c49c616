/** Why somebody finds the sign-in screen instead of their account. */

import type { CloseReason } from '$bindings/CloseReason';
import type { SignedOutReason } from '$bindings/SignedOutReason';
import type { Message } from '$lib/messages';

const closed: Record<CloseReason, Message> = {
    signed_out: { title: 'You signed out', text: 'Sign in again to go on.' },
    closed_elsewhere: {
        title: 'This session was closed from another device',
        text: 'If that was not you, sign in and look through your sessions.',
    },
    closed_by_administrator: {
        title: 'Your System Administrator closed this session',
        text: 'Sign in again to go on.',
    },
    password_changed: {
        title: 'Your password was changed on another device',
        text: 'Sign in with the new one. If that was not you, tell your System Administrator at once.',
    },
    two_factor_changed: {
        title: 'Two-factor authentication was changed on another device',
        text: 'Sign in again. If that was not you, change your password at once.',
    },
    account_deleted: { title: 'This account was deleted', text: 'It is gone for good.' },
};

const others: Record<Exclude<SignedOutReason['kind'], 'closed'>, Message> = {
    expired: {
        title: 'Your session has expired',
        text: 'It was not used for a long time. Sign in again to go on.',
    },
    unknown: {
        title: 'The server no longer knows this session',
        text: 'Sign in again to go on.',
    },
    disabled: {
        title: 'This account is disabled',
        text: 'Ask your System Administrator to enable it.',
    },
    deleted: { title: 'Your account was deleted', text: 'Everything that belonged to it is gone.' },
};

export function reasonMessage(reason: SignedOutReason): Message {
    return reason.kind === 'closed' ? closed[reason.by] : others[reason.kind];
}
