import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const components: Words['components'] = {
    windowTitle: (page) => `${page} – Latchkey`,
    cancel: 'Abbrechen',
    close: 'Schließen',
    dismiss: 'Ausblenden',
    tryAgain: 'Noch einmal versuchen',
    undo: 'Rückgängig',
    language: 'Sprache',
    languageFailed: 'Die Sprache kann nicht geladen werden. Installieren Sie Latchkey neu.',
    systemLanguage: 'Wie das System',
    offline: 'Sie sind offline. Dafür ist der Server nötig.',
    notSaved: {
        title: 'Auf diesem Computer nicht gespeichert',
        text: 'Es wurde hier nicht gelesen, solange der Server erreichbar war. Es kommt von selbst, sobald er wieder da ist.',
    },
    digit: (digit, all) => `Ziffer ${number(digit)} von ${number(all)}`,
    used: (characters, most) => `${number(characters)} von ${number(most)}`,
    accountAt: (username, place) => `${username}, ${place}`,
    thisComputer: 'Dieser Computer',
    providerAt: (name, host) => `${name} auf ${host}`,
    savedTo: (file, folder) => `Gespeichert: ${file} in ${folder}`,
    backupCodesLeft: (codes) =>
        codes === 0
            ? 'Keine Ersatzcodes mehr übrig'
            : plural(codes, { one: '1 Ersatzcode übrig', other: `${number(codes)} Ersatzcodes übrig` }),
    clipboard: {
        copy: 'Kopieren',
        copied: 'Kopiert',
        done: 'Kopiert.',
        clearsAfter: (seconds) =>
            plural(seconds, {
                one: 'In 1 Sekunde wird die Zwischenablage geleert.',
                other: `In ${number(seconds)} Sekunden wird die Zwischenablage geleert.`,
            }),
    },
    failureDetails: { title: 'Einzelheiten', reason: 'Grund', code: 'Code', request: 'Anfrage' },
    tooMany: {
        'API keys': 'Sie haben so viele API-Schlüssel, wie es geben darf',
        'SSH keys': 'Sie haben so viele SSH-Schlüssel, wie es geben darf',
        'container registries': 'Sie haben so viele Container-Registrys, wie es geben darf',
        connections: 'Sie haben so viele Verbindungen, wie es geben darf',
    },
    removals: {
        deleted: {
            done: (name) => `„${name}“ gelöscht`,
            failed: (name) => `„${name}“ wurde nicht gelöscht`,
            stillThere: (names, count) =>
                plural(count, {
                    one: `${names} wurde nicht gelöscht und ist noch da`,
                    other: `${names} wurden nicht gelöscht und sind noch da`,
                }),
        },
        removed: {
            done: (name) => `„${name}“ entfernt`,
            failed: (name) => `„${name}“ wurde nicht entfernt`,
            stillThere: (names, count) =>
                plural(count, {
                    one: `${names} wurde nicht entfernt und ist noch da`,
                    other: `${names} wurden nicht entfernt und sind noch da`,
                }),
        },
    },
    secondFactor: {
        backupCode: 'Ersatzcode',
        code: 'Authentifizierungscode',
        useApp: 'Authenticator-App verwenden',
        useBackupCode: 'Ersatzcode verwenden',
        allDigits: (digits) => `Geben Sie alle ${number(digits)} Ziffern ein.`,
        wrong: 'Dieser Code passt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
        compareClocks: (time) => `Wenn es nicht gelingt, prüfen Sie, dass auch die Uhr Ihres Telefons ${time} zeigt.`,
        clockAhead: (off) =>
            `Die Uhr Ihrer Authenticator-App geht etwa um ${off} vor. Stellen Sie sie auf automatische Zeit und versuchen Sie es noch einmal.`,
        clockBehind: (off) =>
            `Die Uhr Ihrer Authenticator-App geht etwa um ${off} nach. Stellen Sie sie auf automatische Zeit und versuchen Sie es noch einmal.`,
    },
    sendCodeAgain: {
        action: 'Neuen Code senden',
        wait: (seconds) =>
            plural(seconds, {
                one: 'In 1 Sekunde können Sie einen neuen Code senden lassen.',
                other: `In ${number(seconds)} Sekunden können Sie einen neuen Code senden lassen.`,
            }),
    },
    toolHelper: {
        noAnswers: 'Keine Auskunft, seit Sie sich neu angemeldet haben',
        allowAgain: 'Erlauben Sie sie für diese Anmeldung, oder schalten Sie dies aus.',
        allow: 'Erlauben',
        notFor: (hosts) => `Noch nicht für ${hosts}`,
        add: 'Hinzufügen',
    },
    show: {
        password: 'Passwort anzeigen',
        passphrase: 'Passphrase anzeigen',
        confirmation: 'Bestätigung anzeigen',
    },
    hide: {
        password: 'Passwort verbergen',
        passphrase: 'Passphrase verbergen',
        confirmation: 'Bestätigung verbergen',
    },
    passwordStrength: {
        atLeast: (characters) =>
            plural(characters, {
                one: 'Mindestens 1 Zeichen.',
                other: `Mindestens ${number(characters)} Zeichen.`,
            }),
        useAtLeast: (characters) =>
            plural(characters, {
                one: 'Verwenden Sie mindestens 1 Zeichen.',
                other: `Verwenden Sie mindestens ${number(characters)} Zeichen.`,
            }),
        tooShort: 'Zu kurz',
        weak: 'Schwach',
        fair: 'Mittel',
        strong: 'Stark',
        veryStrong: 'Sehr stark',
        leaked: 'Es steht auf der Liste der bekannt gewordenen Passwörter, die zuerst versucht werden. Wählen Sie ein anderes.',
        easyToGuess: 'Das ist leicht zu erraten. Fügen Sie einige Wörter hinzu, die nichts miteinander zu tun haben.',
        notEnough: 'Das reicht noch nicht. Ein oder zwei weitere Wörter würden genügen.',
        twoMoreWords: 'Ein oder zwei weitere Wörter würden es stark machen.',
        oneMoreWord: 'Ein weiteres Wort würde es sehr stark machen.',
    },
};
