/** What can go wrong, by the codes of the contract and of the shell: what happened, and what to do. */

import type { FailureCode } from '$bindings/FailureCode';
import { grammar } from './grammar';

const { plural, number } = grammar;

export interface Message {
    title: string;
    text: string;
}

const codes: Record<FailureCode, Message> = {
    unauthenticated: { title: 'You are signed out', text: 'Sign in again to go on.' },
    session_expired: { title: 'Your session has expired', text: 'Sign in again to go on.' },
    session_closed: { title: 'This session was closed', text: 'Sign in again to go on.' },
    invalid_credentials: {
        title: 'Username or password is not correct',
        text: 'Check both and try again.',
    },
    api_key_expired: {
        title: 'This API key has expired',
        text: 'Create another one in its place.',
    },
    second_factor_required: {
        title: 'A second step is needed',
        text: 'Enter a code from your authenticator app, or a backup code.',
    },
    transaction_ended: {
        title: 'Signing in took too long',
        text: 'Sign in again from the beginning.',
    },
    invalid_code: { title: 'That code is not correct', text: 'Enter the code your app shows now.' },
    insufficient_user_authentication: {
        title: 'This needs a fresh proof that it is you',
        text: 'Enter your password again to go on.',
    },
    insufficient_scope: {
        title: 'This API key may not do that',
        text: 'Use one with the scope API.',
    },
    session_required: {
        title: 'This cannot be done with an API key',
        text: 'Sign in and do it here.',
    },
    credentials_not_allowed: {
        title: 'Tools on this computer are not signed in by Latchkey',
        text: 'Switch that on for git or container tools, then try again.',
    },
    two_factor_setup_required: {
        title: 'Two-factor authentication is required here',
        text: 'Enable it to use your account.',
    },
    required_by_policy: {
        title: 'Your administrator requires this',
        text: 'You cannot change it here. Contact your System Administrator.',
    },
    account_disabled: {
        title: 'This account is disabled',
        text: 'Ask your System Administrator to enable it.',
    },
    sign_up_closed: {
        title: 'This server does not take new accounts',
        text: 'Ask your System Administrator to create one for you.',
    },
    not_found: { title: 'It is no longer there', text: 'Reload to see what is.' },
    method_not_allowed: {
        title: 'The server does not know how to do this',
        text: 'It may be older than this app. Ask your System Administrator to update it.',
    },
    conflict: {
        title: 'It was changed in the meantime',
        text: 'Nothing was done. Reload to see how it stands, then try again.',
    },
    connection_broken: {
        title: 'The connection does not work any more',
        text: 'Reconnect it in Source code integration, then try again.',
    },
    stale: { title: 'It was changed elsewhere', text: 'Reload to see the newer version.' },
    precondition_required: {
        title: 'The server wants to know which version was changed',
        text: 'Reload and try again.',
    },
    body_too_large: { title: 'That is too large', text: 'Send less at once.' },
    unsupported_media_type: { title: 'The server does not take this kind of file', text: 'Choose another one.' },
    invalid_body: {
        title: 'The server did not understand the app',
        text: 'They may be of different versions. Update the older one.',
    },
    invalid_parameter: {
        title: 'The server did not understand the app',
        text: 'They may be of different versions. Update the older one.',
    },
    invalid_field: { title: 'Something does not fit', text: 'Correct what is marked and try again.' },
    invalid_image: { title: 'This picture cannot be used', text: 'Choose another one.' },
    too_many_requests: { title: 'Too many attempts', text: 'Wait a moment before you try again.' },
    internal: {
        title: 'Something went wrong',
        text: 'Try again. If it stays, tell your System Administrator.',
    },
    busy: { title: 'The server is busy', text: 'Try again in a moment.' },
    sealing_unavailable: {
        title: 'The key for secrets cannot be used',
        text: 'It is missing or wrong. Tell your System Administrator.',
    },
    storage_full: {
        title: 'There is no space left for account data',
        text: 'Nothing was changed. Make room on the disk and try again.',
    },
    storage_read_only: {
        title: 'Account data cannot be written at the moment',
        text: 'Nothing was changed. Check that the disk is not write-protected and try again.',
    },
    provider_unavailable: {
        title: 'The provider cannot be reached',
        text: 'It may be busy, or down. Try again in a moment.',
    },
    timed_out: { title: 'The server took too long to answer', text: 'Try again in a moment.' },
    offline: {
        title: 'The server cannot be reached',
        text: 'Check your network connection and the address.',
    },
    connection_lost: {
        title: 'The connection was lost',
        text: 'Check your network connection and try again.',
    },
    certificate_invalid: {
        title: 'The certificate of this server cannot be trusted',
        text: 'Somebody may be listening in. Do not go on until your System Administrator has explained it.',
    },
    not_latchkey: { title: 'This is not a Latchkey server', text: 'Check the address.' },

    cancelled: { title: 'Stopped', text: 'Nothing was changed.' },
    address_invalid: {
        title: 'This is not an address',
        text: 'Enter it as in https://accounts.example.com.',
    },
    address_insecure: {
        title: 'This connection would not be encrypted',
        text: 'Anybody on the way could read your password. Use an address that begins with https://.',
    },
    file_unreadable: {
        title: 'The file cannot be read',
        text: 'Check that it is still there and that you may open it.',
    },
    clipboard_empty: { title: 'There is no picture on the clipboard', text: 'Copy one and paste again.' },
    clipboard_unavailable: {
        title: 'The clipboard cannot be used',
        text: 'Another program may be holding it. Try again.',
    },
    keychain_unavailable: {
        title: 'The keychain of this computer cannot be used',
        text: 'Unlock it, or start the program that provides it, then try again.',
    },
    picture_gone: { title: 'The picture is no longer at hand', text: 'Choose it again.' },
    storage_newer: {
        title: 'Your account data was made by a newer Latchkey',
        text: 'Nothing was changed. Install the newer version to open it.',
    },
    storage_locked: {
        title: 'Another program is using your account data',
        text: 'Close other windows of Latchkey and backup programs, then try again.',
    },
    storage_permission: {
        title: 'Your account data cannot be opened',
        text: 'You lack the permission to read and write it. Check who owns the files.',
    },
    storage_damaged: {
        title: 'Your account data is damaged',
        text: 'The file is not what it should be. Nothing was changed. Restore it from a backup.',
    },
    browser_unavailable: {
        title: 'No browser could be opened',
        text: 'Set a default browser in your system settings.',
    },
    file_unwritable: {
        title: 'The file could not be saved',
        text: 'Choose another folder, one that you may write to.',
    },
    disk_full: {
        title: 'There is no room left on the disk',
        text: 'The file was not saved. Make room, or choose another disk.',
    },
    printer_unavailable: {
        title: 'The sheet could not be printed',
        text: 'Check that a printer is set up on this computer, or save the file and print it elsewhere.',
    },
};

/** Words for what the service says in English besides its code, by its own sentence; what has none is shown as it is. */
const details: Partial<Record<string, string>> = {};

export const errors = {
    codes,
    details,
    /** Both of a message in one line. */
    sentence: (title: string, text: string) => `${title}. ${text}`,
    againInSeconds: (seconds: number) =>
        plural(seconds, {
            one: 'Try again in 1 second.',
            other: `Try again in ${number(seconds)} seconds.`,
        }),
    againInMinutes: (minutes: number) =>
        plural(minutes, {
            one: 'Try again in 1 minute.',
            other: `Try again in ${number(minutes)} minutes.`,
        }),
};
