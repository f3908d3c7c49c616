import type { Words } from '../en';

export const password: Words['password'] = {
    title: 'Passwort',
    lastChanged: 'Zuletzt geändert am <time/>.',
    whatFor: 'Damit melden Sie sich an.',
    current: 'Aktuelles Passwort',
    chosen: 'Neues Passwort',
    confirmation: 'Neues Passwort bestätigen',
    closeOthers: 'Alle anderen Sitzungen schließen',
    closeOthersEffect: 'Jedes andere Gerät muss sich mit dem neuen Passwort anmelden.',
    alone: 'Sie sind sonst nirgends angemeldet.',
    closing:
        'Das neue Passwort gilt sofort, und Sie bleiben hier angemeldet. API-Schlüssel und SSH-Schlüssel bleiben gültig.',
    notClosing:
        'Andere Sitzungen bleiben angemeldet. Sie können sie unter <sessions>Sitzungen</sessions> schließen. Auch API-Schlüssel und SSH-Schlüssel bleiben gültig.',
    change: 'Passwort ändern',
    changedAlone: 'Das Passwort wurde geändert.',
    changedAndClosed: 'Das Passwort wurde geändert. Alle anderen Sitzungen wurden geschlossen.',
    changed: 'Das Passwort wurde geändert. Andere Sitzungen bleiben angemeldet.',
    openSessions: 'Sitzungen',
};
