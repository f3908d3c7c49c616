import type { Words } from '../en';

export const native: Words['native'] = {
    chooseFolder: 'Ordner wählen',
    saveActivity: 'Aktivität speichern',
    saveExport: 'Ihre Daten speichern',
    pictures: 'Bilder',
    publicKeys: 'Öffentliche Schlüssel',
    textFiles: 'Textdateien',
    jsonDocuments: 'JSON-Dokumente',
    allFiles: 'Alle Dateien',

    notices: {
        open: 'Öffnen',
        newSignIn: (server) => `Neue Anmeldung bei ${server}`,
        newSignInHere: 'Neue Anmeldung an diesem Computer',
        notYours: (device, address) => `${device}, ${address}. Nicht Sie?`,
        thisComputer: 'dieser Computer',
        notYou: 'Das war ich nicht',
        lookAtSessions: 'Sitzungen ansehen',
        generateBeforeYouRunOut: 'Erzeugen Sie neue, bevor sie ausgehen.',
        generateInCase: 'Erzeugen Sie neue, falls Sie Ihre Authenticator-App verlieren.',
        generate: 'Neue Codes erzeugen',
    },

    backupCodes: {
        title: 'Latchkey-Ersatzcodes',
        account: (username) => `Konto: ${username}`,
        server: (server) => `Server: ${server}`,
        created: (day, month, year, time) => `Erzeugt: ${day}. ${month} ${year}, ${time} UTC`,
        how: 'Jeder Code gilt einmal, anstelle eines Codes Ihrer Authenticator-App.',
    },

    tray: { open: 'Latchkey öffnen', quit: 'Beenden' },

    redirect: {
        back: 'Sie können dieses Fenster schließen und zu Latchkey zurückkehren.',
        nothing: 'Hier ist nichts. Kehren Sie zu Latchkey zurück und öffnen Sie die Seite des Anbieters von dort.',
    },
};
