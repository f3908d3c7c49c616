import { grammar } from './grammar';

const { plural, number } = grammar;

export const deleteAccount = {
    title: 'Delete account',
    loading: 'Loading what is removed',
    tryAgain: 'Try again',
    /** By where the account is. */
    warning: {
        title: 'This cannot be undone',
        onThisComputer:
            'Your account and everything below are removed from this computer at once. Nobody can bring them back.',
        onServer: 'Your account and everything below are removed from the server at once. Nobody can bring them back.',
        at: (place: string) =>
            `Your account and everything below are removed from ${place} at once. Nobody can bring them back.`,
    },

    whatGoes: 'What is removed',
    /** One thing that goes, and what that means. */
    item: '<what/>: <means/>',
    /** What goes. */
    what: {
        profile: 'Your profile',
        picture: 'Your picture',
        sessions: (count: number) => plural(count, { one: '1 session', other: `${number(count)} sessions` }),
        apiKeys: (count: number) => plural(count, { one: '1 API key', other: `${number(count)} API keys` }),
        sshKeys: (count: number) => plural(count, { one: '1 SSH key', other: `${number(count)} SSH keys` }),
        integrations: (count: number) =>
            plural(count, { one: '1 source code connection', other: `${number(count)} source code connections` }),
        registries: (count: number) =>
            plural(count, { one: '1 container registry', other: `${number(count)} container registries` }),
        events: (count: number) => plural(count, { one: '1 event', other: `${number(count)} events` }),
        backupCodes: (count: number) => plural(count, { one: '1 backup code', other: `${number(count)} backup codes` }),
        username: (username: string) => `The username ${username}`,
    },
    /** What that means, of so many. */
    means: {
        profile: 'name, email, location and bio',
        picture: 'in every size',
        sessions: (count: number) =>
            plural(count, { one: 'this device is signed out', other: 'every device is signed out, this one too' }),
        apiKeys: (count: number) =>
            plural(count, { one: 'calls made with it fail at once', other: 'calls made with them fail at once' }),
        sshKeys: (count: number) =>
            plural(count, { one: 'it lets you in nowhere any more', other: 'they let you in nowhere any more' }),
        integrations: (count: number) =>
            plural(count, {
                one: 'its token is revoked at the provider where that can be done',
                other: 'their tokens are revoked at the provider where that can be done',
            }),
        registries: (count: number) =>
            plural(count, { one: 'its password is forgotten', other: 'their passwords are forgotten' }),
        events: 'the activity of your account',
        backupCodes: (count: number) => plural(count, { one: 'it stops working', other: 'they stop working' }),
        username: (days: number) =>
            plural(days, {
                one: 'nobody can take it for 1 day, then anybody can',
                other: `nobody can take it for ${number(days)} days, then anybody can`,
            }),
    },
    copy: {
        title: 'Keep a copy',
        text: 'Everything Latchkey holds about you, as one JSON file.',
        action: 'Download everything',
        /** The same for those who hear it alone. */
        actionAloud: 'Download everything Latchkey holds about you',
    },

    confirm: 'Confirm that it is you',
    username: 'Type your username to confirm',
    password: 'Password',
    code: 'Authentication Code',
    codeFrom: 'From your authenticator app, or one of your backup codes.',
    action: 'Delete account',
    missing: {
        username: (username: string) => `Type your username, ${username}, to confirm.`,
        sameUsername: (username: string) => `What you typed is not your username, ${username}.`,
        password: 'Enter your password.',
        code: 'Enter an Authentication Code or a backup code.',
    },
    lastQuestion: {
        title: (username: string) => `Delete the account ${username}?`,
        onThisComputer: 'It is removed from this computer at once and for good. Nobody can bring it back.',
        onServer: 'It is removed from the server at once and for good. Nobody can bring it back.',
        at: (place: string) => `It is removed from ${place} at once and for good. Nobody can bring it back.`,
        action: 'Delete account',
    },
    deleted: 'Your account was deleted',
};
