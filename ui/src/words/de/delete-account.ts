import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const deleteAccount: Words['deleteAccount'] = {
    title: 'Konto löschen',
    loading: 'Was entfernt wird, wird geladen',
    tryAgain: 'Noch einmal versuchen',
    warning: {
        title: 'Das lässt sich nicht rückgängig machen',
        onThisComputer:
            'Ihr Konto und alles Folgende werden sofort von diesem Computer entfernt. Niemand kann sie zurückholen.',
        onServer: 'Ihr Konto und alles Folgende werden sofort vom Server entfernt. Niemand kann sie zurückholen.',
        at: (place) =>
            `Ihr Konto und alles Folgende werden sofort von ${place} entfernt. Niemand kann sie zurückholen.`,
    },

    whatGoes: 'Was entfernt wird',
    item: '<what/>: <means/>',
    what: {
        profile: 'Ihr Profil',
        picture: 'Ihr Bild',
        sessions: (count) => plural(count, { one: '1 Sitzung', other: `${number(count)} Sitzungen` }),
        apiKeys: (count) => plural(count, { one: '1 API-Schlüssel', other: `${number(count)} API-Schlüssel` }),
        sshKeys: (count) => plural(count, { one: '1 SSH-Schlüssel', other: `${number(count)} SSH-Schlüssel` }),
        integrations: (count) =>
            plural(count, { one: '1 Quellcode-Verbindung', other: `${number(count)} Quellcode-Verbindungen` }),
        registries: (count) =>
            plural(count, { one: '1 Container-Registry', other: `${number(count)} Container-Registrys` }),
        events: (count) => plural(count, { one: '1 Ereignis', other: `${number(count)} Ereignisse` }),
        backupCodes: (count) => plural(count, { one: '1 Ersatzcode', other: `${number(count)} Ersatzcodes` }),
        username: (username) => `Der Benutzername ${username}`,
    },
    means: {
        profile: 'Name, E-Mail, Ort und was über Sie dasteht',
        picture: 'in jeder Größe',
        sessions: (count) =>
            plural(count, {
                one: 'dieses Gerät wird abgemeldet',
                other: 'jedes Gerät wird abgemeldet, auch dieses',
            }),
        apiKeys: (count) =>
            plural(count, {
                one: 'Aufrufe damit schlagen sofort fehl',
                other: 'Aufrufe damit schlagen sofort fehl',
            }),
        sshKeys: (count) =>
            plural(count, {
                one: 'er gewährt Ihnen nirgends mehr Zugang',
                other: 'sie gewähren Ihnen nirgends mehr Zugang',
            }),
        integrations: (count) =>
            plural(count, {
                one: 'ihr Token wird beim Anbieter widerrufen, wo das geht',
                other: 'ihre Tokens werden beim Anbieter widerrufen, wo das geht',
            }),
        registries: (count) =>
            plural(count, { one: 'ihr Passwort wird vergessen', other: 'ihre Passwörter werden vergessen' }),
        events: 'die Aktivität Ihres Kontos',
        backupCodes: (count) => plural(count, { one: 'er gilt nicht mehr', other: 'sie gelten nicht mehr' }),
        username: (days) =>
            plural(days, {
                one: '1 Tag lang kann ihn niemand nehmen, danach jeder',
                other: `${number(days)} Tage lang kann ihn niemand nehmen, danach jeder`,
            }),
    },
    copy: {
        title: 'Eine Kopie behalten',
        text: 'Alles, was Latchkey über Sie weiß, in einer JSON-Datei.',
        action: 'Alles herunterladen',
        actionAloud: 'Alles herunterladen, was Latchkey über Sie weiß',
    },

    confirm: 'Bestätigen Sie, dass Sie es sind',
    username: 'Geben Sie zur Bestätigung Ihren Benutzernamen ein',
    password: 'Passwort',
    code: 'Authentifizierungscode',
    codeFrom: 'Aus Ihrer Authenticator-App, oder einer Ihrer Ersatzcodes.',
    action: 'Konto löschen',
    missing: {
        username: (username) => `Geben Sie zur Bestätigung Ihren Benutzernamen ein: ${username}.`,
        sameUsername: (username) => `Was Sie eingegeben haben, ist nicht Ihr Benutzername: ${username}.`,
        password: 'Geben Sie Ihr Passwort ein.',
        code: 'Geben Sie einen Authentifizierungscode oder einen Ersatzcode ein.',
    },
    lastQuestion: {
        title: (username) => `Das Konto ${username} löschen?`,
        onThisComputer: 'Es wird sofort und für immer von diesem Computer entfernt. Niemand kann es zurückholen.',
        onServer: 'Es wird sofort und für immer vom Server entfernt. Niemand kann es zurückholen.',
        at: (place) => `Es wird sofort und für immer von ${place} entfernt. Niemand kann es zurückholen.`,
        action: 'Konto löschen',
    },
    deleted: 'Ihr Konto wurde gelöscht',
};
