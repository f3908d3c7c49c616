export const entry = {
    signIn: 'Sign in',
    signInTo: (place: string) => `Sign in to ${place}`,
    createAccount: 'Create account',
    signInInstead: 'Sign in instead',
    localAccount: 'Your account on this computer',
    changeServer: 'Change server',
    switchAccount: 'Switch account',
    accounts: 'Accounts',
    back: 'Back',
    /** Labels of fields. */
    name: 'Name',
    username: 'Username',
    email: 'Email',
    login: 'Username or email',
    password: 'Password',
    notCorrect: 'Username or password is not correct.',
    wasReset: { title: 'Your password was changed', text: 'Sign in with the new one.' },
    forgot: 'Forgot password',
    forgotAsk: 'Forgot your password? Ask your System Administrator.',
    /** After one that was not correct, where the account is on this computer. */
    forgotHere: 'Nobody can reset a forgotten password on this computer.',
    newHere: 'New here?',
    newToServer: 'New to this server?',
    createdForYou: 'New accounts are created by your System Administrator.',
    /** How the place is reached, at the foot of the screen. */
    connection: {
        local: 'Account service on this computer',
        encrypted: (host: string) => `Encrypted connection to ${host}`,
        loopback: (host: string) => `Connection within this computer to ${host}`,
        plain: (host: string) => `The connection to ${host} is not encrypted`,
    },
    keychain: {
        title: 'You will be signed out when Latchkey closes',
        text: 'The keychain of this computer cannot be used, and sessions are kept nowhere else. Nothing is saved either that could be shown while a server is out of reach.',
    },
    /** A forgotten password. */
    reset: {
        codeIsSent: 'A code is sent to the address of your account.',
        sendCode: 'Send code',
        backToSignIn: 'Back to sign in',
        title: 'Set a new password',
        onItsWay: (login: string) => `If there is an account for ${login}, a code is on its way to its address.`,
        code: 'Code',
        codeWrong: 'That code is not correct, or it has expired. Enter the one in the newest mail.',
        newPassword: 'New password',
        confirmation: 'Confirm new password',
        secondStep: 'Second step',
        alsoAsks: 'This account also asks for a second step.',
        set: 'Set New Password',
        /** Before the link that has a new one sent. */
        noMail: 'No mail?',
        sentAgain: 'A new code is on its way',
    },
    secondStep: {
        backupCode: 'Backup code',
        enterBackupCode: 'Enter one of your backup codes. Each works once.',
        code: 'Authentication code',
        enterCode: 'Enter the 6-digit code from your authenticator app.',
        verify: 'Verify Code',
        signingInAs: (login: string) => `Signing in as ${login}`,
    },
    /** Why somebody finds the sign-in screen instead of their account. */
    reasons: {
        /** The session was closed. */
        closed: {
            signed_out: { title: 'You signed out', text: 'Sign in again to go on.' },
            closed_elsewhere: {
                title: 'This session was closed from another device',
                text: 'If that was not you, sign in and look through your sessions.',
            },
            closed_by_administrator: {
                title: 'Your System Administrator closed this session',
                text: 'Sign in again to go on.',
            },
            password_changed: {
                title: 'Your password was changed on another device',
                text: 'Sign in with the new one. If that was not you, tell your System Administrator at once.',
            },
            two_factor_changed: {
                title: 'Two-factor authentication was changed on another device',
                text: 'Sign in again. If that was not you, change your password at once.',
            },
            account_deleted: { title: 'This account was deleted', text: 'It is gone for good.' },
        },
        expired: {
            title: 'Your session has expired',
            text: 'It was not used for a long time. Sign in again to go on.',
        },
        unknown: {
            title: 'The server no longer knows this session',
            text: 'Sign in again to go on.',
        },
        disabled: {
            title: 'This account is disabled',
            text: 'Ask your System Administrator to enable it.',
        },
        deleted: { title: 'Your account was deleted', text: 'Everything that belonged to it is gone.' },
    },
};
