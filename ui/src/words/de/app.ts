import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const app: Words['app'] = {
    menu: 'Einstellungen und Hilfe',
    settings: {
        open: 'App-Einstellungen …',
        title: 'App-Einstellungen',
        text: 'Sie gelten auf diesem Computer, gleich wer angemeldet ist.',
        loading: 'Die Einstellungen werden gelesen',
        tray: 'Latchkey in der Taskleiste zeigen',
        trayEffect: 'Wird das Fenster geschlossen, läuft Latchkey dort weiter.',
        login: 'Beim Anmelden starten',
        loginInTray: 'Latchkey startet mit dem Desktop, in der Taskleiste.',
        loginInWindow: 'Latchkey startet mit dem Desktop und zeigt sein Fenster.',
        notifications: 'Benachrichtigungen',
        notificationsEffect: 'Der Desktop meldet neue Anmeldungen und wenn nur noch wenige Ersatzcodes da sind.',
        blocked: {
            no_tray:
                'Auf diesem Desktop zeigt nichts solche Symbole in der Taskleiste. Für manche gibt es eine Erweiterung.',
            no_notifications: 'Auf diesem Desktop zeigt nichts Benachrichtigungen.',
            other_system: 'Das macht Latchkey auf Ihrem Betriebssystem nicht.',
            path_unsayable:
                'Der Name des Ordners, in dem Latchkey liegt, lässt sich nicht für den Desktop aufschreiben.',
        },
    },
    shortcuts: {
        title: 'Tastenkürzel',
        or: 'oder',
        account: 'Konto',
        profile: 'Profil',
        sections: 'Die Bereiche des Kontos',
        panes: 'Nächster oder voriger Teil des Fensters',
        reload: 'Die Daten neu lesen',
        undo: 'Löschen rückgängig machen',
        textSize: 'Text größer, kleiner, wie gewohnt',
        leave: 'Menü oder Dialog schließen, Formular verlassen',
        settings: 'App-Einstellungen',
        list: 'Diese Liste',
        closeWindow: 'Fenster schließen',
        quit: 'Latchkey beenden',
    },
    about: {
        title: 'Über Latchkey',
        version: (version) => `Version ${version}`,
        service: 'Kontodienst',
        licence: 'Lizenz',
        parts: 'Software in Latchkey',
        partsText: 'Latchkey ist mit der Arbeit anderer gemacht, unter deren eigenen Lizenzen.',
        show: 'Pakete und Lizenzen zeigen',
        loading: 'Die Lizenzen werden gelesen',
        search: 'Pakete durchsuchen',
        searchHint: 'Name oder Lizenz',
        found: (packages) =>
            packages === 0
                ? 'Kein Paket hat das im Namen oder in der Lizenz'
                : plural(packages, { one: '1 Paket', other: `${number(packages)} Pakete` }),
        textsOf: (name) => `Lizenz von ${name}`,
        failed: 'Die Lizenzen lassen sich nicht lesen',
        failedText: 'Installieren Sie Latchkey neu.',
    },
};
