import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const twoFactor: Words['twoFactor'] = {
    title: 'Zwei-Faktor-Authentifizierung',
    whatFor: 'Ein zweiter Schritt bei der Anmeldung, damit ein gestohlenes Passwort nicht genügt.',
    loading: 'Zwei-Faktor-Authentifizierung wird geladen',
    tryAgain: 'Noch einmal versuchen',
    isOn: 'Zwei-Faktor-Authentifizierung ist eingeschaltet',
    isOff: 'Zwei-Faktor-Authentifizierung ist ausgeschaltet',
    anyApp: 'Verwenden Sie eine beliebige Authenticator-App, etwa Google Authenticator, Aegis oder 1Password.',
    app: 'Authenticator-App',
    appSince: (date) => `Authenticator-App, seit ${date}`,
    enable: 'Einschalten',
    onAlready: {
        title: 'Zwei-Faktor-Authentifizierung ist schon eingeschaltet',
        text: 'Erzeugen Sie neue Ersatzcodes, wenn Sie keine gespeichert haben.',
    },
    byPolicy: {
        title: 'Von Ihrem Administrator vorgeschrieben',
        text: 'Sie können sie hier nicht ausschalten. Um das zu ändern, wenden Sie sich an Ihren Systemadministrator.',
    },

    backupCodes: 'Ersatzcodes',
    left: (codes, of) => `Noch ${number(codes)} von ${number(of)} übrig`,
    eachCode: 'Mit jedem Code melden Sie sich einmal ohne Ihre Authenticator-App an.',
    eachCodeMadeOn: (date) =>
        `Mit jedem Code melden Sie sich einmal ohne Ihre Authenticator-App an. Erzeugt am ${date}.`,
    generate: 'Neue Ersatzcodes erzeugen',
    few: 'Erzeugen Sie neue, bevor sie ausgehen. Die alten gelten dann nicht mehr.',
    none: 'Erzeugen Sie jetzt neue: Ohne sie und Ihre Authenticator-App kann nur Ihr Systemadministrator Sie wieder hereinlassen.',
    noneHere: 'Erzeugen Sie jetzt neue: Ohne sie und Ihre Authenticator-App kann Sie niemand wieder hereinlassen.',

    turnOff: 'Ausschalten',
    passwordOnly: {
        title: 'Nur mit dem Passwort anmelden',
        text: 'Auch Ihre Ersatzcodes gelten dann nicht mehr.',
    },
    disable: 'Ausschalten',
    disabling: {
        title: 'Zwei-Faktor-Authentifizierung ausschalten?',
        text: 'Dann schützt nur noch Ihr Passwort Ihr Konto.',
        textWithCodes: (codes) =>
            plural(codes, {
                one: 'Dann schützt nur noch Ihr Passwort Ihr Konto, und Ihr Ersatzcode gilt nicht mehr.',
                other: `Dann schützt nur noch Ihr Passwort Ihr Konto, und Ihre ${number(codes)} Ersatzcodes gelten nicht mehr.`,
            }),
    },

    required: {
        title: 'Ein zweiter Schritt ist nötig',
        sub: (place) => `${place} verlangt ihn von jedem Konto`,
        why: 'Ihr Systemadministrator schreibt Zwei-Faktor-Authentifizierung vor, damit ein gestohlenes Passwort für die Anmeldung nicht genügt. Sie brauchen eine Authenticator-App, etwa Google Authenticator, Aegis oder 1Password. Ihr Konto öffnet sich, sobald sie eingerichtet ist.',
        enable: 'Jetzt einrichten',
        signedInAs: (username) => `Angemeldet als ${username}`,
        signOut: 'Abmelden',
    },

    step: (step, of) => `Schritt ${number(step)} von ${number(of)}`,

    setup: {
        title: 'Zwei-Faktor-Authentifizierung einrichten',
        link: 'Verbinden Sie eine Authenticator-App mit Ihrem Konto.',
        linkAt: (place) => `Verbinden Sie eine Authenticator-App mit Ihrem Konto bei ${place}.`,
        qrCode: 'QR-Code für Ihre Authenticator-App',
        open: { title: 'Öffnen Sie Ihre Authenticator-App', text: 'Fügen Sie dort ein neues Konto hinzu.' },
        scan: { title: 'Scannen Sie diesen QR-Code', text: 'Oder tippen Sie stattdessen den Code ein:' },
        type: { title: 'Tippen Sie diesen Code ein', text: 'Wählen Sie dort die Eingabe von Hand:' },
        noQrCode: {
            title: 'Es gibt keinen QR-Code zum Scannen',
            text: 'Das Bild ließ sich nicht richtig zurücklesen und wird darum nicht gezeigt. Tippen Sie stattdessen den Code ein: Er leistet dasselbe.',
        },
        copyManualCode: 'Code zum Eintippen kopieren',
        goOn: { title: 'Weiter', text: 'Die App zeigt jetzt einen sechsstelligen Code.' },
        cancel: 'Abbrechen',
        continue: 'Weiter',
        enterCode: 'Geben Sie den sechsstelligen Code ein, den Ihre Authenticator-App jetzt zeigt.',
        back: 'Zurück',
        verify: 'Code prüfen',
        expected: {
            ask: 'Welcher Code wird erwartet?',
            loading: 'Der erwartete Code wird erfragt',
            tryAgain: 'Noch einmal versuchen',
            code: 'Ihre App sollte jetzt diesen Code zeigen:',
            lasts: (seconds) => plural(seconds, { one: 'Noch 1 Sekunde', other: `Noch ${number(seconds)} Sekunden` }),
            another:
                'Zeigt sie einen anderen, gehen Sie zurück und verbinden Sie sie noch einmal, oder stellen Sie die Uhr ihres Geräts auf automatische Zeit.',
            clockAhead: (off) => `Die Uhr dieses Computers geht um ${off} vor`,
            clockBehind: (off) => `Die Uhr dieses Computers geht um ${off} nach`,
            setClock:
                'Der Code oben ist der des Servers. Eine Authenticator-App auf diesem Computer zeigt einen anderen, bis Sie die Uhr auf automatische Zeit stellen.',
        },
        tooLong: { title: 'Das hat zu lange gedauert', text: 'Beginnen Sie noch einmal mit einem neuen QR-Code.' },
        beginAgain: 'Neu beginnen',
    },

    saving: {
        title: 'Speichern Sie Ihre Ersatzcodes',
        text: 'Wenn Sie Ihre Authenticator-App verlieren, melden Sie sich mit jedem dieser Codes einmal an. Sie werden nicht noch einmal angezeigt.',
        download: 'Ersatzcodes speichern',
        copy: 'Kopieren',
        print: 'Drucken',
        copied: (seconds) =>
            plural(seconds, {
                one: 'Kopiert. In 1 Sekunde werden sie aus der Zwischenablage entfernt.',
                other: `Kopiert. In ${number(seconds)} Sekunden werden sie aus der Zwischenablage entfernt.`,
            }),
        downloaded: (file, folder) => `Gespeichert als ${file} in ${folder}.`,
        printed: 'An den Drucker übergeben. Prüfen Sie, dass jeder Code lesbar ist.',
        notSaved: {
            title: 'Sie haben Ihre Ersatzcodes nicht gespeichert',
            text: 'Ohne sie und Ihr Gerät kann nur Ihr Systemadministrator Sie wieder hereinlassen.',
        },
        notSavedHere: 'Ohne sie und Ihr Gerät kann Sie niemand wieder hereinlassen.',
        tryAgain: 'Noch einmal versuchen',
        goBack: 'Zurück',
        close: 'Schließen',
        closeWithoutSaving: 'Ohne Speichern schließen',
        leftWithout: 'Zwei-Faktor-Authentifizierung ist eingeschaltet, ohne gespeicherte Ersatzcodes',
    },

    replacing: {
        title: 'Speichern Sie Ihre neuen Ersatzcodes',
        text: 'Mit jedem dieser Codes melden Sie sich einmal an. Sie werden nicht noch einmal angezeigt. Ihre alten Codes gelten nicht mehr, sobald Sie diese speichern.',
        savedAndInUse: (saved) => `${saved} Die neuen Codes gelten, die alten nicht mehr.`,
        notSaved: 'Sie haben Ihre neuen Ersatzcodes nicht gespeichert',
        notInUse: 'Ihre neuen Ersatzcodes gelten noch nicht',
        ifYouClose: 'Wenn Sie jetzt schließen, gelten Ihre alten Codes weiter, und diese neuen werden verworfen.',
        inUse: 'Ihre neuen Ersatzcodes gelten jetzt',
        oldInUse: 'Ihre alten Ersatzcodes gelten weiter',
        replaced: {
            title: 'Diese Codes wurden ersetzt',
            text: 'Löschen Sie, was Sie gespeichert haben, und erzeugen Sie neue.',
        },
    },

    sheet: {
        title: 'Latchkey-Ersatzcodes',
        whatFor: 'Für die Anmeldung ohne Ihre Authenticator-App',
        account: 'Konto',
        server: 'Server',
        madeOn: 'Erzeugt am',
        how: 'Jeder Code gilt einmal: Haken Sie ihn ab, wenn Sie ihn verwendet haben, und verwahren Sie dieses Blatt, wo nur Sie es finden.',
    },
};
