import { grammar } from './grammar';

const { plural, number } = grammar;

export const shell = {
    /** The pages of the account, as the sidebar and its menu name them. */
    sections: {
        label: 'Account sections',
        /** The button of the menu that takes the sidebar's place in a narrow window. */
        current: (section: string) => `Section: ${section}`,
        security: 'Security',
        connections: 'Connections',
        password: 'Password',
        twoFactor: 'Two-factor authentication',
        apiKeys: 'API keys',
        sessions: 'Sessions',
        checkUp: 'Security check-up',
        sshKeys: 'SSH keys',
        sourceCode: 'Source code integration',
        registries: 'Container registries',
        activity: 'Activity',
        deleteAccount: 'Delete account',
        /** Behind two-factor authentication. */
        on: 'On',
        off: 'Off',
    },
    accountMenu: {
        label: 'Account menu',
        title: 'Account',
        profile: 'Profile',
        account: 'Account',
        apiDocumentation: 'API documentation',
        switchAccount: 'Switch account',
        addAccount: 'Add account',
        signOut: 'Sign out',
    },
    theme: { label: 'Theme', light: 'Light', dark: 'Dark', system: 'System' },
    servers: {
        label: 'Servers',
        /** Stands before its name, for those who do not see where it stands. */
        current: 'Server:',
        add: 'Add a server…',
    },
    alerts: {
        title: 'Alerts',
        unread: (count: number) => `Alerts, ${number(count)} unread`,
        none: 'No alerts',
        whatFor: 'New sign-ins, few backup codes, and connections that stopped working show up here.',
        newSignIn: 'New sign-in',
        /** Said aloud. */
        newSignInFrom: (device: string) => `New sign-in: ${device}`,
        /** From which device, and when. */
        signIn: '<device/>, <time/>',
        unknownDevice: 'Unknown device',
        generateNow: 'Generate new ones now.',
        generateSoon: 'Generate new ones before you run out.',
        /** The way to the page that looks at everything. */
        checkUp: 'Open the security check-up',
    },
    /** After signing in with a backup code. */
    byBackupCode: {
        title: 'You signed in with a backup code',
        left: (codes: number) =>
            codes === 0
                ? 'None is left. Each works once; you can generate new ones now.'
                : plural(codes, {
                      one: '1 is left. Each works once; you can generate new ones now.',
                      other: `${number(codes)} are left. Each works once; you can generate new ones now.`,
                  }),
        generate: 'Generate New Backup Codes',
        notNow: 'Not now',
    },
    /** The bar above a page while the server is out of reach. */
    offline: {
        asOf: 'You are offline. What you see is from <time/> (<age/>).',
        nothing: 'You are offline. What this page shows was not saved on this computer.',
        next: (seconds: number) =>
            plural(seconds, { one: 'Trying again in 1 second', other: `Trying again in ${number(seconds)} seconds` }),
        trying: 'Trying again…',
        tryNow: 'Try now',
        /** Heard by whoever does not see the bar go. */
        back: 'The server can be reached again.',
    },
    skip: 'Skip to content',
    opening: 'Opening Latchkey',
};
