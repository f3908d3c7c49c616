import type { Visibility } from '$bindings/Visibility';
import { grammar } from './grammar';

const { plural, number } = grammar;

const visibility: Record<Visibility, string> = { public: 'Public', internal: 'Internal', private: 'Private' };

/** In this area `name` is a provider's, as in `GitHub`, and `label` tells it from others: `GitLab at git.example.org`. */
export const sourceCode = {
    title: 'Source code integration',
    /** `who` is Latchkey, or what the server calls itself. */
    whatFor: (who: string) => `Let ${who} read the repositories you choose.`,
    tryAgain: 'Try again',
    close: 'Close',
    cancel: 'Cancel',
    loading: 'Loading connections',
    connections: 'Connections',
    connect: 'Connect',
    reconnect: 'Reconnect',
    disconnect: 'Disconnect',
    connected: (label: string, login: string) => `${label} connected as @${login}`,
    worksAgain: (label: string, login: string) => `${label} works again, as @${login}`,
    /** Why there is nothing to connect. */
    nothing: {
        title: 'No provider is set up',
        local: 'Latchkey needs an OAuth app of yours at GitHub or GitLab, and its client ID in a file.',
        server: 'Your System Administrator has set neither GitHub nor GitLab up. Ask them, if you need one.',
        /** What is bold is what GitHub and GitLab call it. */
        register:
            'Register an OAuth app: at GitHub in <b>Settings, Developer settings, OAuth Apps</b>, with <b>Enable Device Flow</b> ticked; at GitLab in <b>Preferences, Applications</b>, with <b>Confidential</b> left blank.',
        write: 'Put these lines into the file <file/> beside your account data, on Linux in <folder/>. For GitLab write <code>gitlab</code> instead of <code>github</code>.',
        /** Stands between quotes in the lines. */
        clientId: 'the client ID of your OAuth app',
        copyExample: 'Copy example',
        restart: 'Start Latchkey again.',
    },
    disconnecting: {
        title: (label: string) => `Disconnect ${label}?`,
        text: (login: string, host: string) =>
            `Latchkey has the access of @${login} revoked at ${host} and forgets it. Its repositories are no longer listed, and git is no longer signed in with it, on any of your computers.`,
        done: (label: string) => `${label} disconnected`,
        left: (name: string) => `${name} did not take the access back`,
        /** An address follows. */
        leftAt: 'Latchkey has forgotten it. Take it back there too:',
        leftText: 'Latchkey has forgotten it. Take it back there too, in your settings.',
        copyAddress: 'Copy address',
    },
    /** How a connection stands; `when` as in `yesterday`, `on 21 November`. */
    state: {
        notConnected: 'Not connected',
        connectedAs: (login: string) => `Connected as @${login}`,
        connectedSince: (login: string, date: string) => `Connected as @${login} since ${date}`,
        revoked: (name: string) => `${name} refused the token. Reconnect to go on.`,
        revokedWhen: (name: string, when: string) => `${name} refused the token ${when}. Reconnect to go on.`,
        refused: (name: string) => `${name} refused what was asked. Check your account there, then reconnect.`,
        refusedWhen: (name: string, when: string) =>
            `${name} refused what was asked ${when}. Check your account there, then reconnect.`,
        unreachable: (host: string) => `${host} could not be reached. The connection may be in order.`,
        unreachableWhen: (host: string, when: string) =>
            `${host} could not be reached ${when}. The connection may be in order.`,
        notConfigured: (name: string) => `Your System Administrator has taken ${name} away. Disconnect, or ask them.`,
        unreadable: 'What Latchkey keeps of this connection cannot be opened. Reconnect to go on.',
    },
    /** What the bell says. */
    alert: {
        stopped: (label: string) => `Connection with ${label} stopped working`,
        reconnect: 'Reconnect it to go on.',
        ask: 'Ask your System Administrator about it.',
    },
    connecting: {
        title: (label: string) => `Connect ${label}`,
        titleAgain: (label: string) => `Reconnect ${label}`,
        agree: 'Agree in your browser, then come back.',
        enterCode: (address: string) => `Enter this code at ${address}.`,
        askingForCode: (name: string) => `Asking ${name} for a code.`,
        asking: (name: string) => `Asking ${name}`,
        /** `left` is one of the two that follow. */
        waiting: (name: string, left: string) => `Waiting for ${name}, ${left}`,
        lessThanAMinute: 'less than a minute left',
        minutesLeft: (minutes: number) =>
            plural(minutes, { one: '1 minute left', other: `${number(minutes)} minutes left` }),
        deviceCode: 'Device code',
        copyAndOpen: 'Copy and open browser',
        openAgain: 'Open the browser again',
        useBrowser: 'Use the browser instead',
        useCode: 'Use a code instead',
        codeCopied: 'The code is on the clipboard. Paste it in the browser.',
        typeCode: 'Type the code in the browser.',
        notOpened: 'The browser was not opened',
        goesOn: 'Latchkey goes on trying until the time is over.',
        denied: (name: string) => `${name} was told no`,
        deniedText: 'Nothing was connected. If that was not meant, try again and agree there.',
        codeExpired: 'The code has expired',
        codeExpiredText: 'Nothing was connected. Get a new code.',
        newCode: 'Get a new code',
        tooLong: 'It took too long',
        tooLongText: 'Nothing was connected. Try again.',
        failed: (name: string) => `${name} could not be connected`,
        failedText: (name: string) => `${name} refused it. Try again, or ask your System Administrator.`,
        notSetUp: (label: string) => `${label} is not set up here`,
        notSetUpText: 'Nothing was connected. Ask your System Administrator whether it was taken away.',
        cannot: (label: string) => `${label} cannot be connected`,
    },
    /** What is known of a connection. */
    details: {
        account: 'Account',
        accountAt: (login: string, host: string) => `@${login} at ${host}`,
        connected: 'Connected',
        granted: 'Granted',
        doesNotSay: (name: string) => `${name} does not say`,
        tokenEnds: 'Token ends',
        never: 'Never',
        renewal: 'Renewal',
        byItself: 'By itself, before that',
        reconnectBefore: 'Reconnect before that',
        lastCheck: 'Last check',
        /** `ago` shows when, as in `2 hours ago`. */
        checkedWorks: '<ago/>, works',
        checkedBroken: '<ago/>, does not work',
        notYet: 'Not yet',
        notGranted: 'Not granted',
        notGrantedText: 'Some of what Latchkey does with it will be refused. Reconnect to grant it.',
        reason: 'Reason',
        check: 'Check now',
        works: (label: string) => `${label} works`,
        another: 'Connect another account',
        seeGranted: (name: string) => `See what you granted at ${name}`,
    },
    repositories: {
        title: 'Repositories',
        /** `account` as in `@maren at gitlab.com`. */
        of: (account: string) => `Repositories of ${account}`,
        loading: 'Loading repositories',
        more: 'Load more',
        search: 'Search repositories',
        searchHint: 'Search by name',
        found: (count: number) =>
            plural(count, { one: '1 repository found', other: `${number(count)} repositories found` }),
        foundOrMore: (count: number) =>
            plural(count, {
                one: '1 or more repositories found',
                other: `${number(count)} or more repositories found`,
            }),
        none: 'No repositories',
        noneText: (name: string) => `${name} shows none to this account.`,
        nothingFound: 'Nothing found',
        nothingFoundText: (search: string) => `No repository has “${search}” in its name.`,
        defaultBranch: 'Default branch',
        empty: 'Empty',
        visibility,
        copyUrl: (repository: string) => `Copy clone URL of ${repository}`,
        open: (repository: string) => `Open ${repository} in the browser`,
    },
    /** Git on this computer. `hosts` may be a list, `where` is a file or `configuration`. */
    git: {
        title: 'Git on this computer',
        loading: 'Loading git on this computer',
        label: 'Sign git in with these connections',
        notInstalled: 'git was not found on this computer. Install it, then come back.',
        configuration: 'the configuration of git',
        on: (hosts: string, where: string) =>
            `git asks Latchkey for ${hosts}. That stands in ${where}; switching this off takes it out again.`,
        nothing: 'Connect an account, and git can clone, fetch and push with it.',
        off: (hosts: string, where: string) =>
            `git will ask Latchkey instead of you, for ${hosts}. That is written to ${where}; switching this off takes it out again.`,
        blocked: 'Connect an account first.',
        came: 'Connected after this was switched on.',
        turnedOn: 'git is signed in by Latchkey',
        turnedOff: 'git is no longer signed in',
    },
};
