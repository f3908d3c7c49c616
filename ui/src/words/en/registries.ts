export const registries = {
    title: 'Container registries',
    whatFor: 'Credentials used to pull private images on your behalf.',
    tryAgain: 'Try again',
    cancel: 'Cancel',
    loading: 'Loading container registries',
    more: 'Load more',
    authorise: 'Authorise registry',
    none: 'No registries yet',
    noneText: 'Authorise a private registry, and Latchkey signs your container tools in to it.',
    authorised: (host: string) => `${host} authorised`,
    updated: (host: string) => `Password for ${host} updated`,
    checking: (host: string) => `Checking ${host}`,
    /** What a check found; `trouble` is a sentence. */
    failed: (host: string, trouble: string) => `${host}: ${trouble}`,
    works: (host: string) => `${host}: the registry took the password.`,
    row: {
        checking: 'Checking',
        failed: 'Failed',
        verified: 'Verified',
        updatePassword: 'Update password',
        updatePasswordFor: (host: string) => `Update password for ${host}`,
        checkAgain: 'Check again',
        checkWhether: (host: string) => `Check again whether ${host} works`,
        more: (host: string) => `More for ${host}`,
        /** `ago` shows the time, as in `2 hours ago`. */
        lastChecked: 'Last checked <ago/>',
        remove: (host: string) => `Remove ${host}`,
    },
    /** Why a registry did not take the credentials; `when` as in `yesterday`, `on 21 November`. */
    trouble: {
        credentialsRefused: (when: string) => `The registry refused this password ${when}.`,
        unreachable: (when: string) => `The registry could not be reached ${when}.`,
        certificateInvalid: (when: string) => `The certificate of the registry could not be trusted ${when}.`,
        notEncrypted: 'The registry does not encrypt. Latchkey sends it no password.',
        notARegistry: 'What answers there is no container registry.',
        addressRefused: 'The account service may not connect to that address.',
        unavailable: (when: string) => `The registry was busy, or out of order, ${when}.`,
        unreadable: 'What Latchkey keeps of this password cannot be opened. Enter it again.',
    },
    /** What the bell says. */
    alert: {
        refused: (host: string) => `${host} refused the password`,
        refusedText: 'Update it to go on.',
        stopped: (host: string) => `${host} stopped working`,
        stoppedText: 'See what is wrong.',
    },
    /** Authorising a registry, and new credentials for one. */
    credentials: {
        text: 'Latchkey checks the credentials before saving them.',
        host: 'Registry host',
        /** `host` is the registry of this server. */
        own: (host: string) => `Latchkey signs in to ${host} by itself: it needs no credentials of yours.`,
        username: 'Username',
        usernameMissing: 'Enter your username at the registry.',
        usernameTooLong: 'Use at most 255 characters.',
        password: 'Password or token',
        passwordMissing: 'Enter the password, or a token.',
        refused: (host: string) => `${host} refused these credentials. Check the token and try again.`,
        asking: (host: string) => `Asking ${host}`,
        update: 'Update password',
        updateText: (host: string) => `For ${host}. Latchkey checks it first; the old one stays until then.`,
        notChecked: 'The password could not be checked',
    },
    /** What to know of registries many people use. */
    hints: {
        github: 'Use a personal access token (classic) with the scope read:packages.',
        docker: 'Use an access token of your Docker account.',
        gitlab: 'Use an access token with the scope read_registry.',
        amazon: 'The username is AWS. Passwords end after twelve hours.',
        azure: 'Use a token of the registry, with its name as the username.',
        google: 'The username is _json_key. The password is the key of a service account.',
    },
    /** Docker, podman and skopeo. `hosts` and `where` (a file, or several) may be lists. */
    tools: {
        title: 'Docker, podman and skopeo on this computer',
        loading: 'Loading container tools on this computer',
        label: 'Sign container tools in with these registries',
        configuration: 'their configuration',
        on: (hosts: string, where: string) =>
            `They ask Latchkey for ${hosts}. That stands in ${where}; switching this off takes it out again.`,
        nothing: 'Authorise a registry, and they can pull from it without a login.',
        off: (hosts: string, where: string) =>
            `They will ask Latchkey for ${hosts}, and no password stands in a file. That is written to ${where}; switching this off takes it out again.`,
        blocked: 'Authorise a registry first.',
        came: 'Authorised after this was switched on.',
        turnedOn: 'Container tools are signed in by Latchkey',
        turnedOff: 'Container tools are no longer signed in',
        /** `host` is the registry of this server. */
        own: (host: string) => `Latchkey signs in to ${host} by itself`,
        ownText:
            'It belongs to this server. Tools get a password that ends after five minutes, made each time they ask.',
        notFound: 'Tools do not find docker-credential-latchkey yet',
        notFoundText: (folder: string) =>
            `It is in ${folder}, which is not on your PATH. Put this line into your shell’s profile, then sign in to your desktop again.`,
        copyLine: 'Copy line',
    },
};
