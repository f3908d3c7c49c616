import type { Words } from '../en';
import { details } from './details';
import { grammar } from './grammar';

const { plural, number } = grammar;

const codes: Words['errors']['codes'] = {
    unauthenticated: { title: 'Sie sind abgemeldet', text: 'Melden Sie sich wieder an, um fortzufahren.' },
    session_expired: { title: 'Ihre Sitzung ist abgelaufen', text: 'Melden Sie sich wieder an, um fortzufahren.' },
    session_closed: { title: 'Diese Sitzung wurde geschlossen', text: 'Melden Sie sich wieder an, um fortzufahren.' },
    invalid_credentials: {
        title: 'Benutzername oder Passwort ist nicht richtig',
        text: 'Prüfen Sie beides und versuchen Sie es noch einmal.',
    },
    api_key_expired: {
        title: 'Dieser API-Schlüssel ist abgelaufen',
        text: 'Erstellen Sie an seiner Stelle einen neuen.',
    },
    second_factor_required: {
        title: 'Ein zweiter Schritt ist nötig',
        text: 'Geben Sie einen Code aus Ihrer Authenticator-App oder einen Ersatzcode ein.',
    },
    transaction_ended: {
        title: 'Die Anmeldung hat zu lange gedauert',
        text: 'Melden Sie sich noch einmal von vorn an.',
    },
    invalid_code: {
        title: 'Dieser Code ist nicht richtig',
        text: 'Geben Sie den Code ein, den Ihre App jetzt zeigt.',
    },
    insufficient_user_authentication: {
        title: 'Dafür müssen Sie noch einmal zeigen, dass Sie es sind',
        text: 'Geben Sie Ihr Passwort noch einmal ein, um fortzufahren.',
    },
    insufficient_scope: {
        title: 'Dieser API-Schlüssel darf das nicht',
        text: 'Verwenden Sie einen mit dem Bereich API.',
    },
    session_required: {
        title: 'Das geht nicht mit einem API-Schlüssel',
        text: 'Melden Sie sich an und erledigen Sie es hier.',
    },
    credentials_not_allowed: {
        title: 'Programme auf diesem Computer werden nicht von Latchkey angemeldet',
        text: 'Schalten Sie das für Git- oder Container-Programme ein und versuchen Sie es noch einmal.',
    },
    two_factor_setup_required: {
        title: 'Zwei-Faktor-Authentifizierung ist hier vorgeschrieben',
        text: 'Schalten Sie sie ein, um Ihr Konto zu verwenden.',
    },
    required_by_policy: {
        title: 'Ihr Administrator schreibt das vor',
        text: 'Sie können es hier nicht ändern. Wenden Sie sich an Ihren Systemadministrator.',
    },
    account_disabled: {
        title: 'Dieses Konto ist gesperrt',
        text: 'Bitten Sie Ihren Systemadministrator, es freizugeben.',
    },
    sign_up_closed: {
        title: 'Dieser Server nimmt keine neuen Konten auf',
        text: 'Bitten Sie Ihren Systemadministrator, eines für Sie anzulegen.',
    },
    not_found: { title: 'Das gibt es nicht mehr', text: 'Laden Sie neu, um zu sehen, was es gibt.' },
    method_not_allowed: {
        title: 'Der Server kann das nicht',
        text: 'Vielleicht ist er älter als diese App. Bitten Sie Ihren Systemadministrator, ihn zu aktualisieren.',
    },
    conflict: {
        title: 'Es wurde inzwischen geändert',
        text: 'Es ist nichts geschehen. Laden Sie neu, um den Stand zu sehen, und versuchen Sie es noch einmal.',
    },
    connection_broken: {
        title: 'Die Verbindung funktioniert nicht mehr',
        text: 'Verbinden Sie sich unter Quellcode-Integration neu und versuchen Sie es noch einmal.',
    },
    stale: { title: 'Es wurde anderswo geändert', text: 'Laden Sie neu, um die neuere Fassung zu sehen.' },
    precondition_required: {
        title: 'Der Server will wissen, welche Fassung geändert wurde',
        text: 'Laden Sie neu und versuchen Sie es noch einmal.',
    },
    body_too_large: { title: 'Das ist zu groß', text: 'Senden Sie weniger auf einmal.' },
    unsupported_media_type: {
        title: 'Der Server nimmt diese Art von Datei nicht an',
        text: 'Wählen Sie eine andere.',
    },
    invalid_body: {
        title: 'Der Server hat die App nicht verstanden',
        text: 'Sie haben vielleicht verschiedene Versionen. Aktualisieren Sie die ältere.',
    },
    invalid_parameter: {
        title: 'Der Server hat die App nicht verstanden',
        text: 'Sie haben vielleicht verschiedene Versionen. Aktualisieren Sie die ältere.',
    },
    invalid_field: {
        title: 'Etwas passt nicht',
        text: 'Verbessern Sie, was markiert ist, und versuchen Sie es noch einmal.',
    },
    invalid_image: { title: 'Dieses Bild kann nicht verwendet werden', text: 'Wählen Sie ein anderes.' },
    too_many_requests: {
        title: 'Zu viele Versuche',
        text: 'Warten Sie einen Moment, bevor Sie es noch einmal versuchen.',
    },
    internal: {
        title: 'Etwas ist schiefgegangen',
        text: 'Versuchen Sie es noch einmal. Wenn es so bleibt, sagen Sie es Ihrem Systemadministrator.',
    },
    busy: { title: 'Der Server ist ausgelastet', text: 'Versuchen Sie es gleich noch einmal.' },
    sealing_unavailable: {
        title: 'Der Schlüssel für Geheimnisse kann nicht verwendet werden',
        text: 'Er fehlt oder ist falsch. Sagen Sie es Ihrem Systemadministrator.',
    },
    storage_full: {
        title: 'Für Kontodaten ist kein Platz mehr',
        text: 'Es wurde nichts geändert. Schaffen Sie Platz auf dem Datenträger und versuchen Sie es noch einmal.',
    },
    storage_read_only: {
        title: 'Kontodaten können zurzeit nicht geschrieben werden',
        text: 'Es wurde nichts geändert. Prüfen Sie, dass der Datenträger nicht schreibgeschützt ist, und versuchen Sie es noch einmal.',
    },
    provider_unavailable: {
        title: 'Der Anbieter ist nicht erreichbar',
        text: 'Er ist vielleicht ausgelastet oder ausgefallen. Versuchen Sie es gleich noch einmal.',
    },
    timed_out: {
        title: 'Der Server hat zu lange nicht geantwortet',
        text: 'Versuchen Sie es gleich noch einmal.',
    },
    offline: {
        title: 'Der Server ist nicht erreichbar',
        text: 'Prüfen Sie Ihre Netzwerkverbindung und die Adresse.',
    },
    connection_lost: {
        title: 'Die Verbindung ist abgebrochen',
        text: 'Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es noch einmal.',
    },
    certificate_invalid: {
        title: 'Dem Zertifikat dieses Servers kann nicht vertraut werden',
        text: 'Vielleicht hört jemand mit. Fahren Sie nicht fort, bevor Ihr Systemadministrator es erklärt hat.',
    },
    not_latchkey: { title: 'Das ist kein Latchkey-Server', text: 'Prüfen Sie die Adresse.' },

    cancelled: { title: 'Abgebrochen', text: 'Es wurde nichts geändert.' },
    address_invalid: {
        title: 'Das ist keine Adresse',
        text: 'Geben Sie sie ein wie in https://accounts.example.com.',
    },
    address_insecure: {
        title: 'Diese Verbindung wäre nicht verschlüsselt',
        text: 'Jeder auf dem Weg könnte Ihr Passwort lesen. Verwenden Sie eine Adresse, die mit https:// beginnt.',
    },
    file_unreadable: {
        title: 'Die Datei kann nicht gelesen werden',
        text: 'Prüfen Sie, dass sie noch da ist und dass Sie sie öffnen dürfen.',
    },
    clipboard_empty: {
        title: 'In der Zwischenablage ist kein Bild',
        text: 'Kopieren Sie eines und fügen Sie es noch einmal ein.',
    },
    clipboard_unavailable: {
        title: 'Die Zwischenablage kann nicht verwendet werden',
        text: 'Vielleicht hält ein anderes Programm sie fest. Versuchen Sie es noch einmal.',
    },
    keychain_unavailable: {
        title: 'Der Schlüsselbund dieses Computers kann nicht verwendet werden',
        text: 'Entsperren Sie ihn, oder starten Sie das Programm, das ihn bereitstellt, und versuchen Sie es noch einmal.',
    },
    picture_gone: { title: 'Das Bild ist nicht mehr zur Hand', text: 'Wählen Sie es noch einmal.' },
    storage_newer: {
        title: 'Ihre Kontodaten stammen von einem neueren Latchkey',
        text: 'Es wurde nichts geändert. Installieren Sie die neuere Version, um sie zu öffnen.',
    },
    storage_locked: {
        title: 'Ein anderes Programm verwendet Ihre Kontodaten',
        text: 'Schließen Sie andere Fenster von Latchkey und Sicherungsprogramme und versuchen Sie es noch einmal.',
    },
    storage_permission: {
        title: 'Ihre Kontodaten können nicht geöffnet werden',
        text: 'Sie dürfen sie nicht lesen und schreiben. Prüfen Sie, wem die Dateien gehören.',
    },
    storage_damaged: {
        title: 'Ihre Kontodaten sind beschädigt',
        text: 'Die Datei ist nicht, was sie sein sollte. Es wurde nichts geändert. Stellen Sie sie aus einer Sicherung wieder her.',
    },
    browser_unavailable: {
        title: 'Es konnte kein Browser geöffnet werden',
        text: 'Legen Sie in den Systemeinstellungen einen Standardbrowser fest.',
    },
    file_unwritable: {
        title: 'Die Datei konnte nicht gespeichert werden',
        text: 'Wählen Sie einen anderen Ordner, in den Sie schreiben dürfen.',
    },
    disk_full: {
        title: 'Auf dem Datenträger ist kein Platz mehr',
        text: 'Die Datei wurde nicht gespeichert. Schaffen Sie Platz, oder wählen Sie einen anderen Datenträger.',
    },
    printer_unavailable: {
        title: 'Das Blatt konnte nicht gedruckt werden',
        text: 'Prüfen Sie, dass auf diesem Computer ein Drucker eingerichtet ist, oder speichern Sie die Datei und drucken Sie sie anderswo.',
    },
};

export const errors: Words['errors'] = {
    codes,
    details,
    sentence: (title, text) => `${title}. ${text}`,
    againInSeconds: (seconds) =>
        plural(seconds, {
            one: 'Versuchen Sie es in 1 Sekunde noch einmal.',
            other: `Versuchen Sie es in ${number(seconds)} Sekunden noch einmal.`,
        }),
    againInMinutes: (minutes) =>
        plural(minutes, {
            one: 'Versuchen Sie es in 1 Minute noch einmal.',
            other: `Versuchen Sie es in ${number(minutes)} Minuten noch einmal.`,
        }),
};
