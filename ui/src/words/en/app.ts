import { grammar } from './grammar';

const { plural, number } = grammar;

/** The app itself, whoever is signed in. */
export const app = {
    /** The menu that leads to what stands here. */
    menu: 'Settings and help',
    settings: {
        open: 'App settings…',
        title: 'App settings',
        text: 'They are kept on this computer, whoever is signed in.',
        loading: 'Reading the settings',
        tray: 'Show Latchkey in the tray',
        trayEffect: 'Closing the window keeps Latchkey running there.',
        login: 'Start at login',
        loginInTray: 'Latchkey starts with the desktop, in the tray.',
        loginInWindow: 'Latchkey starts with the desktop, and shows its window.',
        notifications: 'Notifications',
        notificationsEffect: 'The desktop tells you of new sign-ins, and when few backup codes are left.',
        /** Why a setting cannot be had; in the place of what it does. */
        blocked: {
            no_tray: 'Nothing on this desktop shows a tray. Some desktops have an extension for it.',
            no_notifications: 'Nothing on this desktop shows notifications.',
            other_system: 'Latchkey does not do this on your operating system.',
            path_unsayable: 'The name of the folder Latchkey is in cannot be written down for the desktop.',
        },
    },
    shortcuts: {
        title: 'Keyboard shortcuts',
        /** Between two ways to do the same. */
        or: 'or',
        account: 'Account',
        profile: 'Profile',
        sections: 'The sections of the account',
        panes: 'Next or previous part of the window',
        reload: 'Read the data again',
        undo: 'Undo a deletion',
        textSize: 'Text larger, smaller, as usual',
        leave: 'Close a menu or dialog, leave a form',
        settings: 'App settings',
        list: 'This list',
        closeWindow: 'Close the window',
        quit: 'Quit Latchkey',
    },
    about: {
        title: 'About Latchkey',
        version: (version: string) => `Version ${version}`,
        /** Who keeps the account: a server, or this computer. */
        service: 'Account service',
        licence: 'Licence',
        parts: 'Software in Latchkey',
        partsText: 'Latchkey is made with the work of others, under licences of their own.',
        show: 'Show packages and licences',
        loading: 'Reading the licences',
        search: 'Search packages',
        searchHint: 'Name or licence',
        found: (packages: number) =>
            packages === 0
                ? 'No package has that in its name or licence'
                : plural(packages, { one: '1 package', other: `${number(packages)} packages` }),
        textsOf: (name: string) => `Licence of ${name}`,
        failed: 'The licences cannot be read',
        failedText: 'Install Latchkey again.',
    },
};
