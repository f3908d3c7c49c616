export const places = {
    title: 'Where is your account?',
    label: 'Where your account is',
    othersStay: 'Other servers stay signed in.',
    addLater: 'You can add other servers later.',
    here: 'Use this computer',
    hereText: 'A private account service runs inside Latchkey and keeps your data here.',
    connect: 'Connect to a server',
    connectAnother: 'Connect to another server',
    connectText: 'Use the account your team or organisation gave you.',
    notEncrypted: (host: string) => `${host}, not encrypted`,
    go: 'Continue',
    back: 'Back',
    backTo: (place: string) => `Back to ${place}`,
    /** Why the button cannot be used. */
    blocked: {
        nothingChosen: 'Choose where your account is first.',
        looking: 'Still looking for the server.',
        noAddress: 'Enter the address of a server first.',
    },
    plain: {
        title: 'Connect without encryption?',
        text: 'Your password and everything in your account can be read on the way to this server.',
        action: 'Connect without encryption',
        found: 'This connection is not encrypted',
        foundText:
            'Anybody on the way can read your password. Use an address that begins with https:// if there is one.',
    },
    forget: {
        label: (place: string) => `Forget ${place}`,
        title: (place: string) => `Forget ${place}?`,
        text: 'Accounts that are signed in there are signed out on this computer. The accounts themselves stay.',
        action: 'Forget server',
    },
    address: {
        label: 'Server URL',
        hint: 'Your System Administrator can tell you the address.',
        looking: 'Looking for the server',
        found: (name: string, version: string) => `${name}, version ${version}`,
    },
};
