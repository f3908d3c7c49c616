import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const apiDocumentation: Words['apiDocumentation'] = {
    title: 'API-Dokumentation',
    back: 'Zurück',
    whatFor: 'Was Skripte und Programme mit Ihrem Konto tun können. Die Texte sind auf Englisch.',
    whatForAt:
        'Was Skripte und Programme mit Ihrem Konto tun können, mit Zeilen für <origin/>. Die Texte sind auf Englisch.',
    openInBrowser: 'Im Browser öffnen',
    tryAgain: 'Noch einmal versuchen',
    loading: 'Die Dokumentation wird geladen',
    nothingListens: 'Auf diesem Computer antwortet noch nichts',
    nothingListensText: (origin) =>
        `Schalten Sie „REST-API auf diesem Computer“ auf der Seite API-Schlüssel ein. Bis dahin steht in den Zeilen stattdessen ${origin}.`,
    apiKeys: 'API-Schlüssel',
    search: 'Dokumentation durchsuchen',
    searchHint: 'Suchen, etwa nach „profile“ oder „DELETE key“',
    found: (entries) => plural(entries, { one: '1 Eintrag gefunden', other: `${number(entries)} Einträge gefunden` }),
    nothingFound: 'Nichts gefunden',
    nothingFoundText: 'Kein Endpunkt, Typ oder Fehler enthält alle diese Wörter.',
    showAll: 'Alles zeigen',
    guide: 'Anleitung',
    types: 'Typen',
    errorCodes: 'Fehlercodes',
    example: 'Beispiel',
    copyLines: 'Zeilen kopieren',
    endpoint: {
        call: 'Der Aufruf als Zeile für eine Shell',
        copyLine: 'Zeile kopieren',
        parameters: 'Parameter',
        body: 'Inhalt',
        content: 'Der Inhalt selbst: <types/>',
        answer: 'Antwort',
        answered: 'Was geantwortet wird',
        errors: 'Fehler',
    },
    table: {
        parameter: 'Parameter',
        field: 'Feld',
        kind: 'Art',
        meaning: 'Bedeutung',
        optional: 'optional',
        status: 'Status',
        code: 'Code',
        errors: 'Fehler',
        places: { path: 'im Pfad', query: 'in der Abfrage', header: 'im Header' },
        both: (place, need) => `${place}, ${need}`,
    },
    badges: {
        anyone: 'Jeder',
        session: 'Sitzung',
        apiKey: 'API-Schlüssel',
        scope: 'Bereich api',
        bothInBody: 'Passwort und zweiter Faktor im Inhalt',
        bothWithin: (minutes) =>
            plural(minutes, {
                one: 'Passwort und zweiter Faktor vor höchstens 1 min',
                other: `Passwort und zweiter Faktor vor höchstens ${number(minutes)} min`,
            }),
        secondInBody: 'Zweiter Faktor im Inhalt',
        secondWithin: (minutes) =>
            plural(minutes, {
                one: 'Zweiter Faktor vor höchstens 1 min',
                other: `Zweiter Faktor vor höchstens ${number(minutes)} min`,
            }),
    },
};
