/** What can be told about a value before the service is asked. The service has the last word. */

import { fieldMessage } from './field-messages';
import type { Check } from './form.svelte';
import { words } from '$words/words.svelte';

/** Characters as the service counts them: Unicode scalar values. */
export function lengthOf(text: string): number {
    return Array.from(text).length;
}

export const LIMITS = { username: 39, email: 254, name: 100, location: 100, bio: 250 } as const;

const USERNAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/iu;
/** One @, something before it, a dot within the domain, no white space. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/u;

const filled =
    (field: string): Check =>
    (value) =>
        value.trim() === '' ? fieldMessage(field, 'blank') : null;

/** In a password white space counts. */
const given =
    (field: string): Check =>
    (value) =>
        value === '' ? fieldMessage(field, 'blank') : null;

const atMost =
    (field: string, most: number): Check =>
    (value) =>
        lengthOf(value.trim()) > most ? fieldMessage(field, 'too_long') : null;

/** The first complaint of several checks. */
const all =
    (...checks: Check[]): Check =>
    (value) => {
        for (const check of checks) {
            const complaint = check(value);
            if (complaint !== null) return complaint;
        }
        return null;
    };

export const checkUsername: Check = all(filled('username'), (value) => {
    const name = value.trim();
    if (lengthOf(name) < 2) return fieldMessage('username', 'too_short');
    if (lengthOf(name) > LIMITS.username) return fieldMessage('username', 'too_long');
    return USERNAME.test(name) ? null : fieldMessage('username', 'invalid');
});

export const checkEmail: Check = all(filled('email'), (value) => {
    if (new TextEncoder().encode(value.trim()).length > LIMITS.email) return fieldMessage('email', 'too_long');
    return EMAIL.test(value.trim()) ? null : fieldMessage('email', 'invalid');
});

export const checkName: Check = all(filled('name'), atMost('name', LIMITS.name));
/** The name of a key. */
export const checkKeyName: Check = all(
    (value) => (value.trim() === '' ? words.fields.keyName : null),
    atMost('name', LIMITS.name),
);
export const checkLocation: Check = atMost('location', LIMITS.location);
export const checkBio: Check = atMost('bio', LIMITS.bio);
export const checkLogin: Check = filled('login');
/** At sign-in any password may be right. */
export const checkGiven: Check = given('password');
/** The same where a new one is chosen beside it. */
export const checkCurrentPassword: Check = given('current_password');

/** A new password: the length is all that can be told here. */
export const checkNewPassword = (leastLength: number): Check =>
    all(checkGiven, (value) =>
        lengthOf(value) < leastLength ? words.components.passwordStrength.useAtLeast(leastLength) : null,
    );

/** A code: any may be right. */
export const checkCode: Check = filled('code');

/** A field that must not be left blank. */
export const checkFilled = filled;

/** A new password, typed a second time. */
export const checkConfirmation =
    (password: string): Check =>
    (value) => {
        if (value === password) return null;
        return value === '' ? words.fields.confirmationMissing : words.fields.confirmationDiffers;
    };
