import { grammar } from './grammar';

const { plural, number } = grammar;

export const twoFactor = {
    title: 'Two-factor authentication',
    whatFor: 'A second step at sign-in, so that a stolen password is not enough.',
    loading: 'Loading two-factor authentication',
    tryAgain: 'Try again',
    isOn: 'Two-factor authentication is on',
    isOff: 'Two-factor authentication is off',
    anyApp: 'Use any authenticator app, such as Google Authenticator, Aegis or 1Password.',
    app: 'Authenticator app',
    appSince: (date: string) => `Authenticator app, since ${date}`,
    enable: 'Enable Two-Factor Authentication',
    onAlready: {
        title: 'Two-factor authentication is on already',
        text: 'Generate new backup codes if you have not saved any.',
    },
    byPolicy: {
        title: 'Required by your administrator',
        text: 'You cannot disable it here. To change this, contact your System Administrator.',
    },

    backupCodes: 'Backup codes',
    left: (codes: number, of: number) => `${number(codes)} of ${number(of)} left`,
    eachCode: 'Each code signs you in once, without your authenticator app.',
    eachCodeMadeOn: (date: string) => `Each code signs you in once, without your authenticator app. Made on ${date}.`,
    generate: 'Generate New Backup Codes',
    /** What to do where few are left, and where none are. */
    few: 'Generate new ones before you run out. The old ones stop working.',
    none: 'Generate new ones now: without them and your authenticator app, only your System Administrator can let you back in.',
    /** The same where the account is on this computer. */
    noneHere: 'Generate new ones now: without them and your authenticator app, nobody can let you back in.',

    turnOff: 'Turn off',
    passwordOnly: { title: 'Sign in with your password only', text: 'Your backup codes stop working too.' },
    disable: 'Disable Two-Factor Authentication',
    disabling: {
        title: 'Disable Two-Factor Authentication?',
        text: 'Your password alone will protect your account.',
        textWithCodes: (codes: number) =>
            plural(codes, {
                one: 'Your password alone will protect your account, and your backup code stops working.',
                other: `Your password alone will protect your account, and your ${number(codes)} backup codes stop working.`,
            }),
    },

    /** Before an account opens that has to have it. */
    required: {
        title: 'A second step is required',
        sub: (place: string) => `${place} asks it of every account`,
        why: 'Your System Administrator requires two-factor authentication, so that a stolen password is not enough to sign in. You need an authenticator app, such as Google Authenticator, Aegis or 1Password. Your account opens as soon as it is set up.',
        enable: 'Enable Two-Factor Authentication',
        signedInAs: (username: string) => `Signed in as ${username}`,
        signOut: 'Sign out',
    },

    step: (step: number, of: number) => `Step ${number(step)} of ${number(of)}`,

    setup: {
        title: 'Set up two-factor authentication',
        link: 'Link an authenticator app to your account.',
        linkAt: (place: string) => `Link an authenticator app to your ${place} account.`,
        qrCode: 'QR code for your authenticator app',
        open: { title: 'Open your authenticator app', text: 'Choose to add a new account there.' },
        scan: { title: 'Scan this QR code', text: 'Or type the code instead:' },
        type: { title: 'Type this code', text: 'Choose there to enter a key by hand:' },
        noQrCode: {
            title: 'There is no QR code to scan',
            text: 'The picture did not read back as it should, so it is not shown. Type the code instead: it does the same.',
        },
        copyManualCode: 'Copy manual code',
        goOn: { title: 'Continue', text: 'The app now shows a 6-digit code.' },
        cancel: 'Cancel',
        continue: 'Continue',
        enterCode: 'Enter the 6-digit code your authenticator app shows now.',
        back: 'Back',
        verify: 'Verify Code',
        /** Folded away below the boxes. */
        expected: {
            ask: 'Which code is expected?',
            loading: 'Asking which code is expected',
            tryAgain: 'Try again',
            code: 'Your app should show this code now:',
            lasts: (seconds: number) =>
                plural(seconds, { one: 'For 1 second', other: `For ${number(seconds)} seconds` }),
            another:
                'If it shows another one, go back and link it again, or set the clock of its device to automatic time.',
            /** `off` is how much: `40 seconds`. */
            clockAhead: (off: string) => `This computer’s clock is ${off} ahead`,
            clockBehind: (off: string) => `This computer’s clock is ${off} behind`,
            setClock:
                'The code above is the server’s. An authenticator app on this computer shows another one until you set the clock to automatic time.',
        },
        tooLong: { title: 'This took too long', text: 'Begin again with a new QR code.' },
        beginAgain: 'Begin again',
    },

    saving: {
        title: 'Save your backup codes',
        text: 'If you lose your authenticator app, each of these codes signs you in once. They are not shown again.',
        download: 'Download Backup Codes',
        copy: 'Copy',
        print: 'Print',
        copied: (seconds: number) =>
            plural(seconds, {
                one: 'Copied. They leave the clipboard in 1 second.',
                other: `Copied. They leave the clipboard in ${number(seconds)} seconds.`,
            }),
        downloaded: (file: string, folder: string) => `Saved to ${file} in ${folder}.`,
        printed: 'Handed to the printer. Check that every code can be read.',
        notSaved: {
            title: 'You have not saved your backup codes',
            text: 'Without them and your device, only your System Administrator can let you back in.',
        },
        /** What it costs where the account is on this computer, and nobody else looks after it. */
        notSavedHere: 'Without them and your device, nobody can let you back in.',
        tryAgain: 'Try again',
        goBack: 'Go back',
        close: 'Close',
        closeWithoutSaving: 'Close without saving',
        leftWithout: 'Two-factor authentication is on, without saved backup codes',
    },

    /** Codes that take the place of others. */
    replacing: {
        title: 'Save your new backup codes',
        text: 'Each of these codes signs you in once. They are not shown again. Your old codes stop working as soon as you save these.',
        /** `saved` is a sentence of `saving`. */
        savedAndInUse: (saved: string) => `${saved} The new codes are in use; the old ones no longer work.`,
        notSaved: 'You have not saved your new backup codes',
        notInUse: 'Your new backup codes are not in use yet',
        ifYouClose: 'If you close now, your old codes stay in use and these new ones are discarded.',
        inUse: 'Your new backup codes are in use',
        oldInUse: 'Your old backup codes stay in use',
        replaced: { title: 'These codes were replaced', text: 'Delete what you saved and generate new ones.' },
    },

    sheet: {
        title: 'Latchkey backup codes',
        whatFor: 'For signing in without your authenticator app',
        account: 'Account',
        server: 'Server',
        madeOn: 'Made on',
        how: 'Each code works once: tick it off when you have used it, and keep this sheet where only you find it.',
    },
};
