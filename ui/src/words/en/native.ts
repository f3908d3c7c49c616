/**
 * What the shell says itself, outside of the page. `nativeWords` in `$lib/native-words` hands it over, with `{name}` in the
 * place of each parameter: nothing may depend on what a parameter is. At most 200 characters each. The shell has the same
 * English of its own (`crates/api/src/desktop/native.rs`), for what it says before there is a page.
 */
export const native = {
    /** Titles of dialogs for files. */
    chooseFolder: 'Choose folder',
    saveActivity: 'Save activity',
    saveExport: 'Save your data',
    /** Kinds of files in them. */
    pictures: 'Pictures',
    publicKeys: 'Public keys',
    textFiles: 'Text files',
    jsonDocuments: 'JSON documents',
    allFiles: 'All files',

    /** Notifications of the desktop. */
    notices: {
        /** What a click on one does. */
        open: 'Open',
        newSignIn: (server: string) => `New sign-in to ${server}`,
        newSignInHere: 'New sign-in to this computer',
        notYours: (device: string, address: string) => `${device}, ${address}. Not you?`,
        /** In the place of an address. */
        thisComputer: 'this computer',
        /** A button. */
        notYou: 'It was not me',
        /** A button. */
        lookAtSessions: 'Look at sessions',
        generateBeforeYouRunOut: 'Generate new ones before you run out.',
        generateInCase: 'Generate new ones, in case you lose your authenticator app.',
        /** A button. */
        generate: 'Generate new codes',
    },

    /** The file with backup codes. */
    backupCodes: {
        title: 'Latchkey backup codes',
        account: (username: string) => `Account: ${username}`,
        server: (server: string) => `Server: ${server}`,
        /** `month` is its name. */
        created: (day: string, month: string, year: string, time: string) =>
            `Created: ${day} ${month} ${year}, ${time} UTC`,
        how: 'Each code works once, in the place of a code of your authenticator app.',
    },

    /** The menu of the entry in the tray; the sections are named as in the sidebar. */
    tray: { open: 'Open Latchkey', quit: 'Quit' },

    /** What the browser shows after somebody agreed at a provider. */
    redirect: {
        back: 'You can close this window and go back to Latchkey.',
        nothing: 'There is nothing here. Go back to Latchkey, and open the page of the provider from there.',
    },
};
