import type { Scope } from '$bindings/Scope';
import { grammar } from './grammar';

const { plural, number } = grammar;

/** What a named key may be used for. */
const scopes: Record<Scope, { label: string; text: string }> = {
    api: {
        label: 'API',
        text: 'Grants access to the Latchkey API, which allows you to connect external applications to Latchkey.',
    },
    registry: {
        label: 'Registry',
        text: 'Grants access to the container registry, which allows you to run containers using Docker.',
    },
};

export const apiKeys = {
    title: 'API keys',
    whatFor: 'Keys let scripts and tools act as you. Treat each one like a password.',
    tryAgain: 'Try again',
    cancel: 'Cancel',
    scopes,
    personal: {
        title: 'Personal API key',
        loading: 'Loading the personal API key',
        copy: 'Copy personal API key',
        /** `leaves` is a sentence that says when it leaves the clipboard. */
        copied: (leaves: string) => `Personal API key copied. ${leaves}`,
        /** In the place of a key. */
        none: 'You have no personal API key',
        noneText: 'Generate one to call the API as yourself.',
        generate: 'Generate API Key',
        generated: 'Personal API key generated',
        /** The button, the dialog's title and what confirms it. */
        replace: 'Generate new API Key',
        replaceText:
            'Please note: Generating a new API key will replace the existing API key. If a new API key is generated, then API calls made with the old API key will fail. Are you sure that you wish to proceed?',
        replaced: 'New API key generated. The old one no longer works.',
        /** `made` is `created`, `use` is `lastUsed` or `neverUsed`. */
        about: '<made/>, <use/>. Click the key to copy it.',
        aboutUndated: '<use/>. Click the key to copy it.',
        created: (date: string) => `Created ${date}`,
        lastUsed: (ago: string) => `last used ${ago}`,
        neverUsed: 'never used',
    },
    named: {
        title: 'Named keys',
        loading: 'Loading API keys',
        more: 'Load more',
        create: 'Create API Key',
        none: 'No named keys yet',
        noneText: 'Create one for each script or tool, so that you can delete it without stopping the others.',
        note: 'Use a named key and your username to sign in to the registry or call the API.',
        /** The same where there is no registry. */
        noteApi: 'Use a named key to call the API.',
        documentation: 'API documentation',
    },
    /** The table of named keys, and the row that takes its place where there is little room. */
    table: {
        name: 'Name',
        scopes: 'Scopes',
        created: 'Created',
        expires: 'Expires',
        lastUsed: 'Last used',
        delete: 'Delete',
        deleteKey: (name: string) => `Delete ${name}`,
        createAgain: 'Create again',
        createKeyAgain: (name: string) => `Create ${name} again`,
        /** `ending` is the last four characters of the key. */
        endsIn: 'Ends in <ending/>',
        never: 'Never',
        from: (address: string) => `from ${address}`,
        fromService: "from the service's computer",
        /** `expiry` is one of those below that begin with `expire`, `use` one of those that follow. */
        summary: '<expiry/>, <use/>, ends in <ending/>',
        neverUsed: 'never used',
        /** `ago` as in `2 hours ago`, `from` as above. */
        usedAgo: (ago: string, from: string) => `used ${ago} ${from}`,
        /** The same where it is long ago: `date` as in `9 Nov 2026`. */
        usedOn: (date: string, from: string) => `used ${date} ${from}`,
    },
    expiry: {
        never: 'Never',
        expired: 'Expired',
        today: 'Today',
        tomorrow: 'Tomorrow',
        inDays: (days: number) => plural(days, { one: 'In 1 day', other: `In ${number(days)} days` }),
        expiresNever: 'Never expires',
        expiredOn: (date: string) => `Expired ${date}`,
        expiresToday: 'Expires today',
        expiresTomorrow: 'Expires tomorrow',
        expiresInDays: (days: number) =>
            plural(days, { one: 'Expires in 1 day', other: `Expires in ${number(days)} days` }),
        expiresOn: (date: string) => `Expires ${date}`,
    },
    creating: {
        title: 'Create API Key',
        name: 'Name',
        nameHint: 'Something you will recognise when you delete it.',
        scopes: 'Scopes',
        noRegistry: 'This server has no container registry.',
        expires: 'Expires',
        inDays: (days: number, date: string) =>
            plural(days, { one: `In 1 day, ${date}`, other: `In ${number(days)} days, ${date}` }),
        onDate: 'On a date',
        never: 'Never',
        atMost: (days: number) =>
            plural(days, {
                one: 'Your System Administrator lets API keys last 1 day at most.',
                other: `Your System Administrator lets API keys last ${number(days)} days at most.`,
            }),
        lastDay: 'Last day',
        /** How a date is typed: year, month, day, with hyphens. */
        dateForm: 'YYYY-MM-DD',
        dateMissing: 'Enter a date.',
        dateInvalid: (example: string) => `Enter a date as in ${example}.`,
        dateOver: 'Choose a day that is not over.',
        dateTooFar: (last: string) => `Choose a day up to ${last}.`,
        underway: 'The key is being created.',
        create: 'Create',
    },
    /** The token of a new key, shown once. */
    token: {
        title: (name: string) => `${name} is ready`,
        text: 'Save the token and your username somewhere safe. The token is not shown again.',
        username: 'Username',
        copyUsername: 'Copy username',
        docker: 'Sign in with Docker',
        copyCommand: 'Copy command',
        dockerHint: 'Paste the token below where it asks for a password.',
        token: 'Token',
        copyToken: 'Copy token',
        notCopied: 'You have not copied the token',
        notCopiedText: 'If you close now, nobody can show it again. You would have to create another key.',
        notOnClipboard: 'The token is not on the clipboard any more',
        notOnClipboardText:
            'You copied something else after it. If you have not saved it, go back and copy it again: nobody can show it later.',
        closeUncopied: 'Close without copying',
        closeSaved: 'Close, I have saved it',
        goBack: 'Go back',
        close: 'Close',
    },
    /** The REST API of this app, served to other programs on this computer. */
    restApi: {
        title: 'REST API on this computer',
        loading: 'Loading the REST API on this computer',
        running: 'Other programs can call it',
        off: 'Let other programs call it',
        effect: 'While Latchkey runs, other people and programs that use this computer can reach it; other computers cannot. Without a key they can only try to sign in, and see the picture and the public SSH keys of an account they know.',
        portTaken: (port: number) => `Port ${port} is taken`,
        down: 'The REST API does not run',
        address: 'Address',
        copyAddress: 'Copy address',
        port: 'Port',
        usePort: 'Use this port',
        portInvalid: 'Enter a number between 1024 and 65535.',
        moved: (address: string) => `The REST API is at ${address}`,
        /** Where the account is kept at another place than this computer. */
        elsewhere: 'On this computer',
        isOn: 'REST API on this computer is on',
        isOff: 'REST API on this computer is off',
        reachableAt:
            'At <address/>, other people and programs that use this computer can reach the accounts kept on it, not this one.',
        reachable:
            'While it is on, other people and programs that use this computer can reach the accounts kept on it, not this one.',
    },
};
