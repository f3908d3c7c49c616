import { grammar } from './grammar';

const { plural, number } = grammar;

export const sessions = {
    title: 'Sessions',
    whatFor: 'Everywhere you are signed in. Close anything you do not recognise.',
    loading: 'Loading sessions',
    tryAgain: 'Try again',
    current: 'Current session',
    thisDevice: 'This device',
    others: 'Other sessions',
    none: { title: 'No other sessions', text: 'You are signed in on this device alone.' },
    loadMore: 'Load more',

    /** How a session presents itself, by what is known of it. */
    device: {
        unknown: 'Unknown device',
        browserOn: (browser: string, system: string) => `${browser} on ${system}`,
        unknownBrowserOn: (system: string) => `Unknown browser on ${system}`,
        onUnknownSystem: (browser: string) => `${browser} on an unknown system`,
        modelAt: (model: string, address: string) => `${model}, ${address}`,
        /** `MacBook Pro, 198.51.100.7, active yesterday` */
        whereAndWhen: (where: string, active: string) => `${where}, ${active}`,
        /** `moment` is as in `3 days ago`. */
        active: (moment: string) => `active ${moment}`,
    },

    details: {
        browser: 'Browser',
        system: 'Operating System',
        model: 'Model',
        address: 'IP Address',
        engine: 'Engine',
        architecture: 'CPU Architecture',
        unknown: 'Unknown',
        /** In the place of an address. */
        thisComputer: 'This computer',
        created: 'Created At',
        lastAuthentication: 'Last Authentication',
        lastModified: 'Last Modified',
        expires: 'Expires',
    },

    close: 'Close session',
    closed: (device: string) => `Session closed: ${device}`,
    closeOthers: 'Close all other sessions',
    closingOthers: {
        title: 'Close all other sessions?',
        text: 'Every other device is signed out at once and has to sign in again.',
        action: 'Close all other sessions',
    },
    /** They may have ended meanwhile. */
    othersClosed: (sessions: number) =>
        sessions === 0
            ? 'There was no other session left to close'
            : plural(sessions, { one: '1 session closed', other: `${number(sessions)} sessions closed` }),

    /** A sign-in that may not be the person's own. */
    review: {
        badge: 'New sign-in',
        title: (device: string) => `New sign-in: ${device}`,
        text: 'Not you? Close that session, then change your password.',
        close: 'Close that session',
        thisDevice: {
            title: 'That sign-in is this device',
            text: 'There is nothing to close. If it was not you, change your password.',
        },
        closed: {
            title: 'That session is closed',
            text: 'If you do not recognise the sign-in, change your password now.',
        },
        changePassword: 'Change Password',
    },
};
