import { grammar } from './grammar';

const { plural, number } = grammar;

export const checkUp = {
    title: 'Security check-up',
    whatFor: 'How your account stands, and what to do where it could stand better.',
    again: 'Check again',
    tryAgain: 'Try again',
    close: 'Close',
    /** The button of something that is in order; `page` is the title of what it opens. */
    open: (page: string) => `Open ${page}`,

    summary: {
        checking: 'Looking at your account',
        checkingText: 'This takes a moment.',
        well: 'Your account stands well',
        wellText: 'Nothing here asks for anything. Come back once in a while.',
        toDo: (count: number) =>
            plural(count, { one: 'One thing to see to', other: `${number(count)} things to see to` }),
        toDoText: 'Below is why it matters, and where it is put right.',
        notKnown: 'Not everything could be looked at',
        notKnownText: 'What is known asks for nothing.',
        /** The row of bars, for those who do not see it. */
        bars: (well: number, all: number) => `${number(well)} of ${number(all)} in order`,
    },

    /** How one thing stands. */
    verdicts: {
        well: 'In order',
        look: 'Have a look',
        act: 'Act now',
        unknown: 'Not rated',
        failed: 'Not known',
    },

    groups: { signIn: 'Signing in', access: 'Sessions and keys', connections: 'Connections' },

    /** What is looked at, where nothing more can be said of it. */
    checks: {
        passwordAge: 'Age of your password',
        passwordStrength: 'Strength of your password',
        twoFactor: 'Two-factor authentication',
        backupCodes: 'Backup codes',
        sessions: 'Sessions',
        apiKeys: 'API keys',
        sshKeys: 'SSH keys',
        sourceCode: 'Source code integration',
        registries: 'Container registries',
    },
    loading: (check: string) => `Looking at: ${check}`,
    offline: 'This was not read before you went offline.',
    /** Below a list that is not shown to its end. */
    more: (count: number) => plural(count, { one: 'and one more', other: `and ${number(count)} more` }),

    passwordAge: {
        well: (date: string) => `Password changed on ${date}`,
        wellText: 'Change it when somebody else may know it; until then there is no need.',
        old: (years: number) =>
            plural(years, {
                one: 'Your password is more than a year old',
                other: `Your password is more than ${number(years)} years old`,
            }),
        oldText: (date: string) =>
            `You changed it last on ${date}. The longer a password is in use, the more places it may have come out at. Change it, above all if you use it anywhere else.`,
        change: 'Change password',
    },
    passwordStrength: {
        unknown: 'Your password has not been rated',
        unknownText:
            'It is kept nowhere, so type it once. It stays on this computer: nothing is sent, nothing is kept.',
        rate: 'Rate it',
        rateAgain: 'Rate again',
        /** `word` says how strong: `Strong`. */
        well: (word: string) => `Strength of your password: ${word}`,
        wellText: 'Guessing it would take too long to be worth it.',
        fairText: 'With time, and a copy of the database, it could be guessed. One or two more words make it strong.',
        weakText: 'Whoever guesses at passwords finds it soon. Choose one of several unrelated words.',
        leaked: 'Your password is on the list of leaked ones',
        leakedText: 'It came out elsewhere, and whoever guesses tries those first. Choose another one now.',
    },
    rating: {
        title: 'How strong is your password?',
        text: 'It is rated on this computer while you type. Nothing is sent, kept, or compared with what you sign in with.',
        password: 'Password',
    },
    twoFactor: {
        on: 'Two-factor authentication is on',
        onText: 'A stolen password is not enough to sign in.',
        onSince: (date: string) => `Since ${date}. A stolen password is not enough to sign in.`,
        off: 'Two-factor authentication is off',
        offText: 'Whoever learns your password is in. A code of an authenticator app keeps them out.',
        enable: 'Set it up',
    },
    backupCodes: {
        left: (codes: number, of: number) => `${number(codes)} of ${number(of)} backup codes left`,
        leftText: 'Can you still find and read them? Practise with one: it is not spent.',
        leftMade: (date: string) =>
            `Made on ${date}. Can you still find and read them? Practise with one: it is not spent.`,
        lowText:
            'Each works once. Without them and your authenticator app, only your System Administrator can let you back in.',
        none: 'No backup codes left',
        practise: 'Practise',
        generate: 'Generate new ones',
    },
    practice: {
        title: 'Practise with a backup code',
        text: 'Fetch the codes you saved, as if your authenticator app were lost, and type one of them. It is looked at and not spent.',
        code: 'Backup code',
        missing: 'Enter one of your backup codes.',
        check: 'Try the code',
        works: 'This code works',
        worksText: 'It was not spent: it still signs you in, once. You know where your codes are.',
        used: 'This code has been used',
        usedText: 'It is one of yours, and each works once. Cross it out, and try another one.',
        unknown: 'This is none of your codes',
        unknownText:
            'Look for a slip first. If it is written so, the codes you have are old: generate new ones, and save them in their place.',
        generate: 'Generate New Backup Codes',
    },
    sessions: {
        well: 'No old or unknown sessions',
        wellText: (sessions: number) =>
            plural(sessions, {
                one: 'You are signed in on this device alone.',
                other: `You are signed in at ${number(sessions)} places, all of them known and in use.`,
            }),
        look: (sessions: number) =>
            plural(sessions, { one: 'One session to look at', other: `${number(sessions)} sessions to look at` }),
        lookText:
            'A session opens your account without a password until it is closed. Close what you no longer use, and what you do not know.',
        /** `ago` says when: `on 3 Oct 2026`. */
        lastUsed: (ago: string) => `last used ${ago}`,
        review: 'Review sessions',
    },
    keys: {
        lastUsed: (ago: string) => `last used ${ago}`,
        neverUsed: (date: string) => `never used since ${date}`,
        lookText: 'A key nobody misses is a way in nobody watches. Take it away: a new one is made in a minute.',
        review: 'Review keys',
    },
    apiKeys: {
        none: 'No API keys',
        noneText: 'There is nothing a script could act in your name with.',
        well: 'Every API key is in use',
        wellText: 'Each was used or made within 90 days.',
        personal: 'Personal API key',
        look: (keys: number) =>
            plural(keys, {
                one: 'One API key has not been used for 90 days',
                other: `${number(keys)} API keys have not been used for 90 days`,
            }),
    },
    sshKeys: {
        none: 'No SSH keys',
        noneText: 'There is no key that would let you in elsewhere.',
        well: 'Every SSH key is in use',
        wellText: 'Each was used or added within 90 days.',
        look: (keys: number) =>
            plural(keys, {
                one: 'One SSH key has not been used for 90 days',
                other: `${number(keys)} SSH keys have not been used for 90 days`,
            }),
    },
    sourceCode: {
        none: 'No accounts at GitHub or GitLab',
        noneText: 'Nothing is connected that could stop working.',
        well: 'Every connected account works',
        wellText: 'GitHub and GitLab answered when they were last asked.',
        look: (accounts: number) =>
            plural(accounts, {
                one: 'One connected account has stopped working',
                other: `${number(accounts)} connected accounts have stopped working`,
            }),
        lookText: 'What relies on it fails. Connect it again, or disconnect it.',
        mend: 'Put it right',
    },
    registries: {
        none: 'No container registries',
        noneText: 'No password for a registry is kept.',
        well: 'Every container registry takes its password',
        wellText: 'Each is tried once a day.',
        look: (registries: number) =>
            plural(registries, {
                one: 'One container registry has stopped working',
                other: `${number(registries)} container registries have stopped working`,
            }),
        lookText: 'Images cannot be pulled there. Update the password, or remove the registry.',
        mend: 'Put it right',
    },
};
