import { grammar } from './grammar';

const { plural, number } = grammar;

export const components = {
    /** The title of the window. */
    windowTitle: (page: string) => `${page} – Latchkey`,
    cancel: 'Cancel',
    close: 'Close',
    dismiss: 'Dismiss',
    tryAgain: 'Try again',
    undo: 'Undo',
    language: 'Language',
    languageFailed: 'The language cannot be loaded. Install Latchkey again.',
    /** A choice beside the languages by their names. */
    systemLanguage: 'As the system',
    /** Why a button cannot be used. */
    offline: 'You are offline. This needs the server.',
    /** What a page would show, offline. */
    notSaved: {
        title: 'Not saved on this computer',
        text: 'It was not read here while the server could be reached. It comes by itself once the server is back.',
    },
    /** One box of a code. */
    digit: (digit: number, all: number) => `Digit ${number(digit)} of ${number(all)}`,
    /** Characters in a field. */
    used: (characters: number, most: number) => `${number(characters)} of ${number(most)}`,
    /** `Maren, Northwind`: whose account, and where. */
    accountAt: (username: string, place: string) => `${username}, ${place}`,
    /** The place where the account service runs within the app. */
    thisComputer: 'This computer',
    /** `GitLab at git.example.org` */
    providerAt: (name: string, host: string) => `${name} at ${host}`,
    savedTo: (file: string, folder: string) => `Saved to ${file} in ${folder}`,
    backupCodesLeft: (codes: number) =>
        codes === 0
            ? 'No backup codes left'
            : plural(codes, { one: '1 backup code left', other: `${number(codes)} backup codes left` }),
    clipboard: {
        copy: 'Copy',
        /** Beside what was copied, without a full stop. */
        copied: 'Copied',
        /** As a sentence. */
        done: 'Copied.',
        /** Of a secret; follows another sentence. */
        clearsAfter: (seconds: number) =>
            plural(seconds, {
                one: 'It leaves the clipboard in 1 second.',
                other: `It leaves the clipboard in ${number(seconds)} seconds.`,
            }),
    },
    /** What to quote when asking the administrator. */
    failureDetails: { title: 'Details', reason: 'Reason', code: 'Code', request: 'Request' },
    /** The title where one more is refused. */
    tooMany: {
        'API keys': 'You have as many API keys as there may be',
        'SSH keys': 'You have as many SSH keys as there may be',
        'container registries': 'You have as many container registries as there may be',
        connections: 'You have as many connections as there may be',
    },
    /** Taking rows out of a list. `name` is that of a row, `names` is a list of several. */
    removals: {
        deleted: {
            done: (name: string) => `${name} deleted`,
            failed: (name: string) => `${name} was not deleted`,
            stillThere: (names: string, count: number) =>
                plural(count, {
                    one: `${names} was not deleted, and is still there`,
                    other: `${names} were not deleted, and are still there`,
                }),
        },
        removed: {
            done: (name: string) => `${name} removed`,
            failed: (name: string) => `${name} was not removed`,
            stillThere: (names: string, count: number) =>
                plural(count, {
                    one: `${names} was not removed, and is still there`,
                    other: `${names} were not removed, and are still there`,
                }),
        },
    },
    secondFactor: {
        backupCode: 'Backup code',
        code: 'Authentication Code',
        useApp: 'Use your authenticator app',
        useBackupCode: 'Use a backup code',
        allDigits: (digits: number) => `Enter all ${number(digits)} digits.`,
        wrong: 'That code did not match. Wait for the next one and try again.',
        /** Follows `wrong` when it was said before; `time` is that of the server. */
        compareClocks: (time: string) => `If it keeps failing, check that your phone’s clock says ${time} too.`,
        /** `off` is how much: `1 minute 30 seconds`. */
        clockAhead: (off: string) =>
            `The clock of your authenticator app is about ${off} ahead. Set it to automatic time, then try again.`,
        clockBehind: (off: string) =>
            `The clock of your authenticator app is about ${off} behind. Set it to automatic time, then try again.`,
    },
    sendCodeAgain: {
        action: 'Send a new code',
        wait: (seconds: number) =>
            plural(seconds, {
                one: 'You can have a new code sent in 1 second.',
                other: `You can have a new code sent in ${number(seconds)} seconds.`,
            }),
    },
    /** What signs git or container tools in on this computer. */
    toolHelper: {
        noAnswers: 'No answers since you signed in again',
        allowAgain: 'Allow them for this sign-in, or switch this off.',
        allow: 'Allow',
        notFor: (hosts: string) => `Not for ${hosts} yet`,
        add: 'Add',
    },
    /** What the eye at a secret does. */
    show: { password: 'Show password', passphrase: 'Show passphrase', confirmation: 'Show confirmation' },
    hide: { password: 'Hide password', passphrase: 'Hide passphrase', confirmation: 'Hide confirmation' },
    /** How strong a new password is. */
    passwordStrength: {
        atLeast: (characters: number) =>
            plural(characters, {
                one: 'At least 1 character.',
                other: `At least ${number(characters)} characters.`,
            }),
        useAtLeast: (characters: number) =>
            plural(characters, {
                one: 'Use at least 1 character.',
                other: `Use at least ${number(characters)} characters.`,
            }),
        tooShort: 'Too short',
        weak: 'Weak',
        fair: 'Fair',
        strong: 'Strong',
        veryStrong: 'Very strong',
        leaked: 'This is on the list of leaked passwords, which are tried first. Choose another one.',
        easyToGuess: 'This is easy to guess. Add a few unrelated words.',
        notEnough: 'That is not enough yet. One or two more words would do.',
        twoMoreWords: 'One or two more words would make it strong.',
        oneMoreWord: 'One more word would make it very strong.',
    },
};
