import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const sessions: Words['sessions'] = {
    title: 'Sitzungen',
    whatFor: 'Überall, wo Sie angemeldet sind. Schließen Sie, was Sie nicht kennen.',
    loading: 'Sitzungen werden geladen',
    tryAgain: 'Noch einmal versuchen',
    current: 'Aktuelle Sitzung',
    thisDevice: 'Dieses Gerät',
    others: 'Andere Sitzungen',
    none: { title: 'Keine anderen Sitzungen', text: 'Sie sind nur auf diesem Gerät angemeldet.' },
    loadMore: 'Mehr laden',

    device: {
        unknown: 'Unbekanntes Gerät',
        browserOn: (browser, system) => `${browser} auf ${system}`,
        unknownBrowserOn: (system) => `Unbekannter Browser auf ${system}`,
        onUnknownSystem: (browser) => `${browser} auf einem unbekannten System`,
        modelAt: (model, address) => `${model}, ${address}`,
        whereAndWhen: (where, active) => `${where}, ${active}`,
        active: (moment) => `aktiv ${moment}`,
    },

    details: {
        browser: 'Browser',
        system: 'Betriebssystem',
        model: 'Modell',
        address: 'IP-Adresse',
        engine: 'Engine',
        architecture: 'CPU-Architektur',
        unknown: 'Unbekannt',
        thisComputer: 'Dieser Computer',
        created: 'Erstellt',
        lastAuthentication: 'Zuletzt angemeldet',
        lastModified: 'Zuletzt geändert',
        expires: 'Läuft ab',
    },

    close: 'Sitzung schließen',
    closed: (device) => `Sitzung geschlossen: ${device}`,
    closeOthers: 'Alle anderen schließen',
    closingOthers: {
        title: 'Alle anderen Sitzungen schließen?',
        text: 'Jedes andere Gerät wird sofort abgemeldet und muss sich wieder anmelden.',
        action: 'Alle anderen schließen',
    },
    othersClosed: (sessions) =>
        sessions === 0
            ? 'Es gab keine andere Sitzung mehr zu schließen'
            : plural(sessions, {
                  one: '1 Sitzung geschlossen',
                  other: `${number(sessions)} Sitzungen geschlossen`,
              }),

    review: {
        badge: 'Neue Anmeldung',
        title: (device) => `Neue Anmeldung: ${device}`,
        text: 'Waren Sie das nicht? Schließen Sie diese Sitzung, und ändern Sie dann Ihr Passwort.',
        close: 'Diese Sitzung schließen',
        thisDevice: {
            title: 'Diese Anmeldung ist dieses Gerät',
            text: 'Es gibt nichts zu schließen. Wenn Sie das nicht waren, ändern Sie Ihr Passwort.',
        },
        closed: {
            title: 'Diese Sitzung ist geschlossen',
            text: 'Wenn Sie die Anmeldung nicht kennen, ändern Sie jetzt Ihr Passwort.',
        },
        changePassword: 'Passwort ändern',
    },
};
