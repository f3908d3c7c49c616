import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const checkUp: Words['checkUp'] = {
    title: 'Sicherheitsprüfung',
    whatFor: 'Wie es um Ihr Konto steht, und was zu tun ist, wo es besser stehen könnte.',
    again: 'Noch einmal prüfen',
    tryAgain: 'Noch einmal versuchen',
    close: 'Schließen',
    open: (page) => `${page} öffnen`,

    summary: {
        checking: 'Ihr Konto wird geprüft',
        checkingText: 'Das dauert einen Augenblick.',
        well: 'Um Ihr Konto steht es gut',
        wellText: 'Hier ist nichts zu tun. Schauen Sie ab und zu wieder vorbei.',
        toDo: (count) => plural(count, { one: 'Eines ist zu tun', other: `${number(count)} Dinge sind zu tun` }),
        toDoText: 'Unten steht, warum es wichtig ist und wo es behoben wird.',
        notKnown: 'Nicht alles konnte geprüft werden',
        notKnownText: 'Was bekannt ist, verlangt nichts.',
        bars: (well, all) => `${number(well)} von ${number(all)} in Ordnung`,
    },

    verdicts: {
        well: 'In Ordnung',
        look: 'Ansehen',
        act: 'Jetzt handeln',
        unknown: 'Nicht bewertet',
        failed: 'Nicht bekannt',
    },

    groups: { signIn: 'Anmeldung', access: 'Sitzungen und Schlüssel', connections: 'Verbindungen' },

    checks: {
        passwordAge: 'Alter Ihres Passworts',
        passwordStrength: 'Stärke Ihres Passworts',
        twoFactor: 'Zwei-Faktor-Authentifizierung',
        backupCodes: 'Ersatzcodes',
        sessions: 'Sitzungen',
        apiKeys: 'API-Schlüssel',
        sshKeys: 'SSH-Schlüssel',
        sourceCode: 'Quellcode-Integration',
        registries: 'Container-Registrys',
    },
    loading: (check) => `Wird geprüft: ${check}`,
    offline: 'Das wurde nicht gelesen, bevor die Verbindung abbrach.',
    more: (count) => plural(count, { one: 'und eines mehr', other: `und ${number(count)} mehr` }),

    passwordAge: {
        well: (date) => `Passwort geändert am ${date}`,
        wellText: 'Ändern Sie es, wenn jemand anders es kennen könnte; vorher ist das nicht nötig.',
        old: (years) =>
            plural(years, {
                one: 'Ihr Passwort ist älter als ein Jahr',
                other: `Ihr Passwort ist älter als ${number(years)} Jahre`,
            }),
        oldText: (date) =>
            `Zuletzt geändert haben Sie es am ${date}. Je länger ein Passwort in Gebrauch ist, an desto mehr Stellen kann es bekannt geworden sein. Ändern Sie es, vor allem, wenn Sie es auch anderswo verwenden.`,
        change: 'Passwort ändern',
    },
    passwordStrength: {
        unknown: 'Ihr Passwort wurde nicht bewertet',
        unknownText:
            'Es wird nirgends aufbewahrt; geben Sie es einmal ein. Es bleibt auf diesem Computer: Nichts wird gesendet, nichts gespeichert.',
        rate: 'Bewerten',
        rateAgain: 'Neu bewerten',
        well: (word) => `Stärke Ihres Passworts: ${word}`,
        wellText: 'Es zu erraten würde zu lange dauern, um sich zu lohnen.',
        fairText:
            'Mit Zeit und einer Kopie der Datenbank ließe es sich erraten. Ein, zwei Wörter mehr machen es stark.',
        weakText: 'Wer Passwörter rät, findet es bald. Wählen Sie eines aus mehreren Wörtern ohne Zusammenhang.',
        leaked: 'Ihr Passwort steht auf der Liste der bekannt gewordenen',
        leakedText: 'Es wurde anderswo bekannt, und wer rät, versucht diese zuerst. Wählen Sie jetzt ein anderes.',
    },
    rating: {
        title: 'Wie stark ist Ihr Passwort?',
        text: 'Es wird beim Tippen auf diesem Computer bewertet. Nichts wird gesendet, gespeichert oder mit dem verglichen, womit Sie sich anmelden.',
        password: 'Passwort',
    },
    twoFactor: {
        on: 'Zwei-Faktor-Authentifizierung ist eingeschaltet',
        onText: 'Ein gestohlenes Passwort genügt nicht für die Anmeldung.',
        onSince: (date) => `Seit ${date}. Ein gestohlenes Passwort genügt nicht für die Anmeldung.`,
        off: 'Zwei-Faktor-Authentifizierung ist ausgeschaltet',
        offText: 'Wer Ihr Passwort erfährt, ist in Ihrem Konto. Ein Code aus einer Authenticator-App hält ihn draußen.',
        enable: 'Einrichten',
    },
    backupCodes: {
        left: (codes, of) => `Noch ${number(codes)} von ${number(of)} Ersatzcodes`,
        leftText: 'Finden und lesen Sie sie noch? Üben Sie mit einem: Er wird nicht verbraucht.',
        leftMade: (date) =>
            `Erzeugt am ${date}. Finden und lesen Sie sie noch? Üben Sie mit einem: Er wird nicht verbraucht.`,
        lowText:
            'Jeder gilt einmal. Ohne sie und Ihre Authenticator-App kann nur Ihr Systemadministrator Sie wieder hereinlassen.',
        none: 'Keine Ersatzcodes mehr',
        practise: 'Üben',
        generate: 'Neue erzeugen',
    },
    practice: {
        title: 'Mit einem Ersatzcode üben',
        text: 'Holen Sie die gespeicherten Codes, als wäre Ihre Authenticator-App verloren, und geben Sie einen davon ein. Er wird geprüft und nicht verbraucht.',
        code: 'Ersatzcode',
        missing: 'Geben Sie einen Ihrer Ersatzcodes ein.',
        check: 'Code prüfen',
        works: 'Dieser Code gilt',
        worksText:
            'Er wurde nicht verbraucht: Sie melden sich damit weiterhin einmal an. Sie wissen, wo Ihre Codes sind.',
        used: 'Dieser Code wurde schon verwendet',
        usedText: 'Er gehört zu Ihren, und jeder gilt einmal. Streichen Sie ihn und versuchen Sie einen anderen.',
        unknown: 'Das ist keiner Ihrer Codes',
        unknownText:
            'Suchen Sie zuerst nach einem Tippfehler. Steht er so da, sind Ihre Codes alt: Erzeugen Sie neue und speichern Sie sie an deren Stelle.',
        generate: 'Neue Ersatzcodes erzeugen',
    },
    sessions: {
        well: 'Keine alten oder unbekannten Sitzungen',
        wellText: (sessions) =>
            plural(sessions, {
                one: 'Sie sind nur auf diesem Gerät angemeldet.',
                other: `Sie sind an ${number(sessions)} Stellen angemeldet, alle bekannt und in Gebrauch.`,
            }),
        look: (sessions) =>
            plural(sessions, {
                one: 'Eine Sitzung sollten Sie ansehen',
                other: `${number(sessions)} Sitzungen sollten Sie ansehen`,
            }),
        lookText:
            'Eine Sitzung öffnet Ihr Konto ohne Passwort, bis sie geschlossen wird. Schließen Sie, was Sie nicht mehr brauchen und was Sie nicht kennen.',
        lastUsed: (ago) => `zuletzt verwendet: ${ago}`,
        review: 'Sitzungen ansehen',
    },
    keys: {
        lastUsed: (ago) => `zuletzt verwendet: ${ago}`,
        neverUsed: (date) => `nie verwendet seit ${date}`,
        lookText:
            'Ein Schlüssel, den niemand vermisst, ist ein Zugang, auf den niemand achtet. Entfernen Sie ihn: Ein neuer ist in einer Minute gemacht.',
        review: 'Schlüssel ansehen',
    },
    apiKeys: {
        none: 'Keine API-Schlüssel',
        noneText: 'Es gibt nichts, womit ein Skript in Ihrem Namen handeln könnte.',
        well: 'Jeder API-Schlüssel ist in Gebrauch',
        wellText: 'Jeder wurde innerhalb von 90 Tagen verwendet oder erstellt.',
        personal: 'Persönlicher API-Schlüssel',
        look: (keys) =>
            plural(keys, {
                one: 'Ein API-Schlüssel wurde seit 90 Tagen nicht verwendet',
                other: `${number(keys)} API-Schlüssel wurden seit 90 Tagen nicht verwendet`,
            }),
    },
    sshKeys: {
        none: 'Keine SSH-Schlüssel',
        noneText: 'Es gibt keinen Schlüssel, der Sie anderswo hereinließe.',
        well: 'Jeder SSH-Schlüssel ist in Gebrauch',
        wellText: 'Jeder wurde innerhalb von 90 Tagen verwendet oder hinzugefügt.',
        look: (keys) =>
            plural(keys, {
                one: 'Ein SSH-Schlüssel wurde seit 90 Tagen nicht verwendet',
                other: `${number(keys)} SSH-Schlüssel wurden seit 90 Tagen nicht verwendet`,
            }),
    },
    sourceCode: {
        none: 'Keine Konten bei GitHub oder GitLab',
        noneText: 'Nichts ist verbunden, was ausfallen könnte.',
        well: 'Jedes verbundene Konto funktioniert',
        wellText: 'GitHub und GitLab haben geantwortet, als sie zuletzt gefragt wurden.',
        look: (accounts) =>
            plural(accounts, {
                one: 'Ein verbundenes Konto funktioniert nicht mehr',
                other: `${number(accounts)} verbundene Konten funktionieren nicht mehr`,
            }),
        lookText: 'Was darauf angewiesen ist, schlägt fehl. Verbinden Sie es neu, oder trennen Sie es.',
        mend: 'Beheben',
    },
    registries: {
        none: 'Keine Container-Registrys',
        noneText: 'Kein Passwort für eine Registry wird aufbewahrt.',
        well: 'Jede Container-Registry nimmt ihr Passwort an',
        wellText: 'Jede wird einmal am Tag geprüft.',
        look: (registries) =>
            plural(registries, {
                one: 'Eine Container-Registry funktioniert nicht mehr',
                other: `${number(registries)} Container-Registrys funktionieren nicht mehr`,
            }),
        lookText:
            'Images lassen sich von dort nicht laden. Aktualisieren Sie das Passwort, oder entfernen Sie die Registry.',
        mend: 'Beheben',
    },
};
