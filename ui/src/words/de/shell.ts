import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const shell: Words['shell'] = {
    sections: {
        label: 'Bereiche des Kontos',
        current: (section) => `Bereich: ${section}`,
        security: 'Sicherheit',
        connections: 'Verbindungen',
        password: 'Passwort',
        // The whole word is wider than the sidebar.
        twoFactor: 'Zweiter Faktor',
        apiKeys: 'API-Schlüssel',
        sessions: 'Sitzungen',
        checkUp: 'Sicherheitsprüfung',
        sshKeys: 'SSH-Schlüssel',
        sourceCode: 'Quellcode-Integration',
        registries: 'Container-Registrys',
        activity: 'Aktivität',
        deleteAccount: 'Konto löschen',
        on: 'Ein',
        off: 'Aus',
    },
    accountMenu: {
        label: 'Kontomenü',
        title: 'Konto',
        profile: 'Profil',
        account: 'Konto',
        apiDocumentation: 'API-Dokumentation',
        switchAccount: 'Konto wechseln',
        addAccount: 'Konto hinzufügen',
        signOut: 'Abmelden',
    },
    theme: { label: 'Design', light: 'Hell', dark: 'Dunkel', system: 'System' },
    servers: { label: 'Server', current: 'Server:', add: 'Server hinzufügen …' },
    alerts: {
        title: 'Hinweise',
        unread: (count) => `Hinweise, ${number(count)} ungelesen`,
        none: 'Keine Hinweise',
        whatFor:
            'Hier erscheinen neue Anmeldungen, knapp werdende Ersatzcodes und Verbindungen, die nicht mehr funktionieren.',
        newSignIn: 'Neue Anmeldung',
        newSignInFrom: (device) => `Neue Anmeldung: ${device}`,
        signIn: '<device/>, <time/>',
        unknownDevice: 'Unbekanntes Gerät',
        generateNow: 'Erzeugen Sie jetzt neue.',
        generateSoon: 'Erzeugen Sie neue, bevor keine mehr da sind.',
        checkUp: 'Sicherheitsprüfung öffnen',
    },
    byBackupCode: {
        title: 'Sie haben sich mit einem Ersatzcode angemeldet',
        left: (codes) =>
            codes === 0
                ? 'Es ist keiner mehr übrig. Jeder gilt einmal; Sie können jetzt neue erzeugen.'
                : plural(codes, {
                      one: 'Es ist noch 1 übrig. Jeder gilt einmal; Sie können jetzt neue erzeugen.',
                      other: `Es sind noch ${number(codes)} übrig. Jeder gilt einmal; Sie können jetzt neue erzeugen.`,
                  }),
        generate: 'Neue Ersatzcodes erzeugen',
        notNow: 'Nicht jetzt',
    },
    offline: {
        asOf: 'Sie sind offline. Was Sie sehen, ist der Stand von <time/> (<age/>).',
        nothing: 'Sie sind offline. Was diese Seite zeigt, ist auf diesem Computer nicht gespeichert.',
        next: (seconds) =>
            plural(seconds, {
                one: 'Neuer Versuch in 1 Sekunde',
                other: `Neuer Versuch in ${number(seconds)} Sekunden`,
            }),
        trying: 'Neuer Versuch…',
        tryNow: 'Jetzt versuchen',
        back: 'Der Server ist wieder erreichbar.',
    },
    skip: 'Zum Inhalt springen',
    opening: 'Latchkey wird geöffnet',
};
