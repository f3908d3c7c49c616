import type { Words } from '../en';

const newPassword = {
    missing: 'Geben Sie ein Passwort ein.',
    blank: 'Geben Sie ein Passwort ein.',
    too_weak:
        'Dieses Passwort ist leicht zu erraten. Fügen Sie einige Wörter hinzu, die nichts miteinander zu tun haben.',
    common: 'Das ist eines der meistverwendeten Passwörter. Wählen Sie ein anderes.',
    like_identity:
        'Dieses Passwort ähnelt Ihrem Namen, Ihrer Adresse oder dem Namen dieses Dienstes zu sehr. Wählen Sie ein anderes.',
};

export const fields: Words['fields'] = {
    anyField: {
        missing: 'Füllen Sie das aus.',
        unknown_field: 'Der Server kennt dieses Feld nicht. Vielleicht ist er älter als diese App.',
        invalid: 'Das passt nicht. Prüfen Sie es.',
        blank: 'Füllen Sie das aus.',
        too_short: 'Das ist zu kurz.',
        too_long: 'Das ist zu lang.',
        too_weak: 'Das ist zu leicht zu erraten.',
        common: 'Das ist zu häufig.',
        like_identity: 'Das ähnelt Ihrem Namen oder Ihrer Adresse zu sehr.',
        reserved: 'Das ist vergeben. Wählen Sie etwas anderes.',
        taken: 'Das gibt es schon. Wählen Sie etwas anderes.',
        incorrect: 'Das ist nicht richtig.',
        unchanged: 'Das ist dasselbe wie vorher. Wählen Sie etwas anderes.',
    },
    byField: {
        username: {
            missing: 'Wählen Sie einen Benutzernamen.',
            blank: 'Wählen Sie einen Benutzernamen.',
            invalid:
                'Verwenden Sie Buchstaben, Ziffern, Punkte, Binde- und Unterstriche; Anfang und Ende sind ein Buchstabe oder eine Ziffer.',
            too_short: 'Verwenden Sie mindestens 2 Zeichen.',
            too_long: 'Verwenden Sie höchstens 39 Zeichen.',
            reserved: 'Dieser Benutzername ist nicht zu haben. Wählen Sie einen anderen.',
            taken: 'Dieser Benutzername ist vergeben.',
            incorrect: 'Das ist nicht Ihr Benutzername.',
        },
        email: {
            missing: 'Geben Sie Ihre E-Mail-Adresse ein.',
            blank: 'Geben Sie Ihre E-Mail-Adresse ein.',
            invalid: 'Geben Sie eine vollständige Adresse ein, etwa name@example.com.',
            too_long: 'Verwenden Sie eine Adresse mit höchstens 254 Zeichen.',
            taken: 'Diese Adresse gehört zu einem anderen Konto.',
        },
        name: {
            missing: 'Geben Sie Ihren Namen ein.',
            blank: 'Geben Sie Ihren Namen ein.',
            too_long: 'Verwenden Sie höchstens 100 Zeichen.',
        },
        location: { too_long: 'Verwenden Sie höchstens 100 Zeichen.' },
        bio: { too_long: 'Verwenden Sie höchstens 250 Zeichen.' },
        login: {
            missing: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
            blank: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
        },
        current_password: {
            missing: 'Geben Sie Ihr Passwort ein.',
            blank: 'Geben Sie Ihr Passwort ein.',
            incorrect: 'Das ist nicht Ihr Passwort. Versuchen Sie es noch einmal.',
        },
        new_password: { ...newPassword, unchanged: 'Das ist schon Ihr Passwort. Wählen Sie ein anderes.' },
        code: {
            missing: 'Geben Sie den Code ein.',
            blank: 'Geben Sie den Code ein.',
            incorrect: 'Dieser Code ist nicht richtig. Prüfen Sie ihn und versuchen Sie es noch einmal.',
        },
        backup_code: {
            missing: 'Geben Sie einen Ersatzcode ein.',
            blank: 'Geben Sie einen Ersatzcode ein.',
            invalid: 'Geben Sie einen Ersatzcode ein wie in k4m7p-x2w9t.',
            incorrect:
                'Dieser Ersatzcode ist nicht richtig, oder er wurde schon verwendet. Versuchen Sie es mit einem anderen.',
        },
        second_factor_code: {
            missing: 'Geben Sie den Code ein.',
            blank: 'Geben Sie den Code ein.',
            invalid: 'Geben Sie die sechs Ziffern ein, die Ihre App jetzt zeigt.',
            incorrect: 'Dieser Code ist nicht richtig. Geben Sie den ein, den Ihre App jetzt zeigt.',
        },
        scopes: {
            missing: 'Wählen Sie, wofür der Schlüssel verwendet werden darf.',
            blank: 'Wählen Sie, wofür der Schlüssel verwendet werden darf.',
            too_short: 'Wählen Sie, wofür der Schlüssel verwendet werden darf.',
        },
        public_key: {
            missing: 'Fügen Sie einen öffentlichen Schlüssel ein, oder wählen Sie eine Datei.',
            blank: 'Fügen Sie einen öffentlichen Schlüssel ein, oder wählen Sie eine Datei.',
            taken: 'Diesen Schlüssel haben Sie schon hinzugefügt.',
        },
        folder: { missing: 'Wählen Sie einen Ordner.', blank: 'Wählen Sie einen Ordner.' },
        file_name: {
            missing: 'Geben Sie einen Namen für die Datei ein.',
            blank: 'Geben Sie einen Namen für die Datei ein.',
            taken: 'Eine solche Datei gibt es schon. Wählen Sie einen anderen Namen.',
        },
        alias: {
            missing: 'Geben Sie ein, was Sie hinter ssh tippen wollen.',
            blank: 'Geben Sie ein, was Sie hinter ssh tippen wollen.',
            taken: 'Diesen Alias gibt es in Ihrer Konfiguration schon. Wählen Sie einen anderen.',
        },
        host_name: {
            missing: 'Geben Sie den Namen oder die Adresse ein.',
            blank: 'Geben Sie den Namen oder die Adresse ein.',
        },
        host: {
            missing: 'Geben Sie den Host der Registry ein, wie in ghcr.io.',
            blank: 'Geben Sie den Host der Registry ein, wie in ghcr.io.',
            too_long: 'Verwenden Sie höchstens 255 Zeichen.',
            taken: 'Für diese Registry gibt es schon eine Anmeldung. Aktualisieren Sie deren Passwort in der Liste.',
        },
        port: {
            blank: 'Geben Sie einen Port ein.',
            taken: 'Ein anderes Programm verwendet diesen Port. Wählen Sie einen anderen zwischen 1024 und 65535.',
        },
        password: { ...newPassword, incorrect: 'Das ist nicht Ihr Passwort. Versuchen Sie es noch einmal.' },
    },
    keyName: 'Geben Sie einen Namen ein.',
    confirmationMissing: 'Geben Sie das neue Passwort noch einmal ein.',
    confirmationDiffers: 'Die Passwörter stimmen noch nicht überein.',
};
