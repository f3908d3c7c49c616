/** What is wrong with a field: what to do, by the JSON member it is and the code of the contract. */

import type { FieldCode } from '$bindings/FieldCode';

const anyField: Record<FieldCode, string> = {
    missing: 'Fill this in.',
    unknown_field: 'The server does not know this field. It may be older than this app.',
    invalid: 'This does not fit. Check it.',
    blank: 'Fill this in.',
    too_short: 'This is too short.',
    too_long: 'This is too long.',
    too_weak: 'This is too easy to guess.',
    common: 'This is too common.',
    like_identity: 'This is too much like your name or address.',
    reserved: 'This is reserved. Choose another one.',
    taken: 'This is taken. Choose another one.',
    incorrect: 'This is not correct.',
    unchanged: 'This is the same as before. Choose another one.',
};

/** What a password that somebody chooses has to be. */
const newPassword = {
    missing: 'Enter a password.',
    blank: 'Enter a password.',
    too_weak: 'This password is easy to guess. Add a few unrelated words.',
    common: 'This is one of the most used passwords. Choose another one.',
    like_identity:
        'This password is too much like your name, your address or the name of this service. Choose another one.',
};

const byField = {
    username: {
        missing: 'Choose a username.',
        blank: 'Choose a username.',
        invalid: 'Use letters, digits, dots, hyphens and underscores; begin and end with a letter or digit.',
        too_short: 'Use at least 2 characters.',
        too_long: 'Use at most 39 characters.',
        reserved: 'That username is reserved. Choose another one.',
        taken: 'That username is taken.',
        incorrect: 'This is not your username.',
    },
    email: {
        missing: 'Enter your email address.',
        blank: 'Enter your email address.',
        invalid: 'Enter a full address, such as name@example.com.',
        too_long: 'Use an address of at most 254 characters.',
        taken: 'That address belongs to another account.',
    },
    name: {
        missing: 'Enter your name.',
        blank: 'Enter your name.',
        too_long: 'Use at most 100 characters.',
    },
    location: { too_long: 'Use at most 100 characters.' },
    bio: { too_long: 'Use at most 250 characters.' },
    login: { missing: 'Enter your username or email.', blank: 'Enter your username or email.' },
    current_password: {
        missing: 'Enter your password.',
        blank: 'Enter your password.',
        incorrect: 'That is not your password. Try again.',
    },
    new_password: {
        ...newPassword,
        unchanged: 'This is your password already. Choose another one.',
    },
    code: {
        missing: 'Enter the code.',
        blank: 'Enter the code.',
        incorrect: 'That code is not correct. Check it and try again.',
    },
    backup_code: {
        missing: 'Enter a backup code.',
        blank: 'Enter a backup code.',
        invalid: 'Enter a backup code as in k4m7p-x2w9t.',
        incorrect: 'That backup code is not correct, or it was used before. Try another one.',
    },
    second_factor_code: {
        missing: 'Enter the code.',
        blank: 'Enter the code.',
        invalid: 'Enter the six digits your app shows now.',
        incorrect: 'That code is not correct. Enter the one your app shows now.',
    },
    scopes: {
        missing: 'Choose what the key may be used for.',
        blank: 'Choose what the key may be used for.',
        too_short: 'Choose what the key may be used for.',
    },
    public_key: {
        missing: 'Paste a public key, or choose a file.',
        blank: 'Paste a public key, or choose a file.',
        taken: 'You have added this key already.',
    },
    folder: { missing: 'Choose a folder.', blank: 'Choose a folder.' },
    file_name: {
        missing: 'Enter a name for the file.',
        blank: 'Enter a name for the file.',
        taken: 'There is such a file already. Choose another name.',
    },
    alias: {
        missing: 'Enter what you want to type behind ssh.',
        blank: 'Enter what you want to type behind ssh.',
        taken: 'Your configuration has this alias already. Choose another one.',
    },
    host_name: { missing: 'Enter the name or address.', blank: 'Enter the name or address.' },
    host: {
        missing: 'Enter the host of the registry, as in ghcr.io.',
        blank: 'Enter the host of the registry, as in ghcr.io.',
        too_long: 'Use at most 255 characters.',
        taken: 'You have authorised this registry already. Update its password in the list.',
    },
    port: {
        blank: 'Enter a port.',
        taken: 'Another program uses this port. Choose another one, between 1024 and 65535.',
    },
    password: {
        ...newPassword,
        incorrect: 'That is not your password. Try again.',
    },
} satisfies Record<string, Partial<Record<FieldCode, string>>>;

export const fields = {
    anyField,
    byField,
    /** What is seen before the service is asked. */
    keyName: 'Enter a name.',
    confirmationMissing: 'Enter the new password once more.',
    confirmationDiffers: 'The passwords do not match yet.',
};
