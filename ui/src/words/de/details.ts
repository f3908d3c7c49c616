import type { Words } from '../en';

/** By what the service and the shell say in English; `{1}` is what is different each time. */
export const details: Words['errors']['details'] = {
    'There are {1} API keys already. Delete one that is not used any more.':
        'Es gibt schon {1} API-Schlüssel. Löschen Sie einen, der nicht mehr verwendet wird.',
    'There are {1} SSH keys already. Remove one first.': 'Es gibt schon {1} SSH-Schlüssel. Entfernen Sie zuerst einen.',
    'There are {1} container registries already. Remove one first.':
        'Es gibt schon {1} Container-Registrys. Entfernen Sie zuerst eine.',
    'There are {1} connections already. Disconnect one first.':
        'Es gibt schon {1} Verbindungen. Trennen Sie zuerst eine.',
    'Use at least {1} characters.': 'Verwenden Sie mindestens {1} Zeichen.',
    'Use at most {1} characters.': 'Verwenden Sie höchstens {1} Zeichen.',
    'Use a password of at most {1} bytes.': 'Verwenden Sie ein Passwort mit höchstens {1} Bytes.',
    'This password is easily guessed. Add a few unrelated words, or let a password manager make one.':
        'Dieses Passwort ist leicht zu erraten. Fügen Sie einige Wörter hinzu, die nichts miteinander zu tun haben, oder lassen Sie eines von einem Passwortmanager erzeugen.',
    'Keep this to one line.': 'Schreiben Sie das in eine Zeile.',
    'Remove the invisible control characters.': 'Entfernen Sie die unsichtbaren Steuerzeichen.',
    'Choose a date in the future.': 'Wählen Sie ein Datum in der Zukunft.',
    'Choose a date within {1} days.': 'Wählen Sie ein Datum in den nächsten {1} Tagen.',
    'Choose an earlier date, or let the key never end.':
        'Wählen Sie ein früheres Datum, oder lassen Sie den Schlüssel nie ablaufen.',
    'The file is empty. Choose a PNG or JPEG file.': 'Die Datei ist leer. Wählen Sie eine PNG- oder JPEG-Datei.',
    'This is {1}, not a picture. Choose a PNG or JPEG file.':
        'Das ist kein Bild. Wählen Sie eine PNG- oder JPEG-Datei.',
    'This file is not a picture that can be read here. Choose a PNG, JPEG, WebP, GIF, BMP or TIFF file.':
        'Diese Datei ist kein Bild, das hier gelesen werden kann. Wählen Sie eine PNG-, JPEG-, WebP-, GIF-, BMP- oder TIFF-Datei.',
    '{1} cannot be used as an avatar. Save the picture as PNG or JPEG and choose that file.':
        'Dieses Format kann nicht als Profilbild verwendet werden. Speichern Sie das Bild als PNG oder JPEG und wählen Sie diese Datei.',
    'This picture is damaged or incomplete. Choose another file, or open it in an image editor and save it again.':
        'Dieses Bild ist beschädigt oder unvollständig. Wählen Sie eine andere Datei, oder öffnen Sie es in einem Bildprogramm und speichern Sie es neu.',
    'This file has {1}, the most allowed is {2}. Choose a smaller one.':
        'Diese Datei hat {1}, erlaubt sind höchstens {2}. Wählen Sie eine kleinere.',
    'This picture has {1} x {2} pixels, which is too many. Make it smaller and choose it again.':
        'Dieses Bild hat {1} × {2} Pixel, das sind zu viele. Verkleinern Sie es und wählen Sie es noch einmal.',
    'This picture has only {1} x {2} pixels. Choose one with at least 16 on each side.':
        'Dieses Bild hat nur {1} × {2} Pixel. Wählen Sie eines mit mindestens 16 auf jeder Seite.',
    'This picture is stored in an unusual way that takes too long to open. Save it again as PNG or JPEG.':
        'Dieses Bild ist auf eine ungewöhnliche Weise gespeichert, die zu lange zum Öffnen braucht. Speichern Sie es neu als PNG oder JPEG.',
    'This picture cannot be read. Choose another one.':
        'Dieses Bild kann nicht gelesen werden. Wählen Sie ein anderes.',
    'It is not there any more.': 'Sie ist nicht mehr da.',
    'You may not read it.': 'Sie dürfen sie nicht lesen.',
    'It is not a file.': 'Das ist keine Datei.',
    'Choose a name for the file.': 'Wählen Sie einen Namen für die Datei.',
    'There is no room for {1} in {2}. Free some space, or choose another folder.':
        'In {2} ist kein Platz für {1}. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.',
    'There is no room in {1}. Free some space, or choose another folder.':
        'In {1} ist kein Platz. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.',
    'You may not write to {1}. Choose another folder.':
        'In {1} dürfen Sie nicht schreiben. Wählen Sie einen anderen Ordner.',
    '{1} is read-only. Choose another folder.': '{1} ist schreibgeschützt. Wählen Sie einen anderen Ordner.',
    'There is no folder {1}. Choose another folder.': 'Es gibt keinen Ordner {1}. Wählen Sie einen anderen.',
    '{1} is a folder. Choose another name.': '{1} ist ein Ordner. Wählen Sie einen anderen Namen.',
    '{1} is there already. Choose another name.': '{1} gibt es schon. Wählen Sie einen anderen Namen.',
    'This name is too long. Choose a shorter one.': 'Dieser Name ist zu lang. Wählen Sie einen kürzeren.',
    '{1} did not read back as it was written: the disk may be damaged. Choose a folder on another disk.':
        '{1} war nicht so zu lesen, wie es geschrieben wurde: Der Datenträger ist vielleicht beschädigt. Wählen Sie einen Ordner auf einem anderen Datenträger.',
    'Save the backup codes to a file and print that.':
        'Speichern Sie die Ersatzcodes in einer Datei und drucken Sie diese.',
    'Choose a folder by its whole path.': 'Wählen Sie einen Ordner mit seinem ganzen Pfad.',
    'Give the file a name.': 'Geben Sie der Datei einen Namen.',
    'Leave out .pub: the public half gets it by itself.':
        'Lassen Sie .pub weg: Die öffentliche Hälfte bekommt es von selbst.',
    'This name stands for something else. Choose another one.':
        'Dieser Name steht für etwas anderes. Wählen Sie einen anderen.',
    'A file name has no slashes and no control characters.':
        'Ein Dateiname hat keine Schrägstriche und keine Steuerzeichen.',
    'There is no key here. Paste the line of a .pub file.':
        'Hier ist kein Schlüssel. Fügen Sie die Zeile einer .pub-Datei ein.',
    'That is a private key. Paste the .pub file instead.':
        'Das ist ein privater Schlüssel. Fügen Sie stattdessen die .pub-Datei ein.',
    'DSA keys are no longer safe, and OpenSSH refuses them. Make a new key with ssh-keygen -t ed25519.':
        'DSA-Schlüssel sind nicht mehr sicher, und OpenSSH lehnt sie ab. Erzeugen Sie einen neuen mit ssh-keygen -t ed25519.',
    'This RSA key has {1} bits; at least {2} are needed. Make a new key with ssh-keygen -t ed25519.':
        'Dieser RSA-Schlüssel hat {1} Bits; nötig sind mindestens {2}. Erzeugen Sie einen neuen mit ssh-keygen -t ed25519.',
    'This is a certificate, not a public key. Paste the .pub file without -cert in its name.':
        'Das ist ein Zertifikat, kein öffentlicher Schlüssel. Fügen Sie die .pub-Datei ohne -cert im Namen ein.',
    'There is more than one key here. Add them one at a time.':
        'Hier ist mehr als ein Schlüssel. Fügen Sie einen nach dem anderen hinzu.',
    'There are further lines after the key. Paste only the one line of the .pub file.':
        'Nach dem Schlüssel folgen weitere Zeilen. Fügen Sie nur die eine Zeile der .pub-Datei ein.',
    'Keys of the type {1} are not taken. Make a new key with ssh-keygen -t ed25519.':
        'Schlüssel der Art {1} werden nicht angenommen. Erzeugen Sie einen neuen mit ssh-keygen -t ed25519.',
    'This is not an SSH public key. Paste the line of a .pub file; it begins with a word such as ssh-ed25519.':
        'Das ist kein öffentlicher SSH-Schlüssel. Fügen Sie die Zeile einer .pub-Datei ein; sie beginnt mit einem Wort wie ssh-ed25519.',
    'This key is damaged or incomplete. Copy the whole line of the .pub file again.':
        'Dieser Schlüssel ist beschädigt oder unvollständig. Kopieren Sie die ganze Zeile der .pub-Datei noch einmal.',
    'The short name has letters, digits, dots, hyphens and underscores, and does not begin with a hyphen.':
        'Der Kurzname besteht aus Buchstaben, Ziffern, Punkten, Binde- und Unterstrichen und beginnt nicht mit einem Bindestrich.',
    'This is not the name or the address of a host.': 'Das ist weder der Name noch die Adresse eines Hosts.',
    'This user name has characters that ssh does not take.': 'Dieser Benutzername hat Zeichen, die ssh nicht annimmt.',
    'The passphrase is empty. Enter one, or choose a key without a passphrase.':
        'Die Passphrase ist leer. Geben Sie eine ein, oder wählen Sie einen Schlüssel ohne Passphrase.',
    'A port is a number from 1 to 65535.': 'Ein Port ist eine Zahl von 1 bis 65535.',
    '{1} no longer accepts this connection. Connect it again.':
        '{1} nimmt diese Verbindung nicht mehr an. Verbinden Sie neu.',
    '{1} refused this connection. Look whether the account there is blocked, or connect it again.':
        '{1} hat diese Verbindung abgelehnt. Sehen Sie nach, ob das Konto dort gesperrt ist, oder verbinden Sie neu.',
    '{1} could not be reached. The connection may be in order; look again later.':
        '{1} war nicht erreichbar. Die Verbindung ist vielleicht in Ordnung; sehen Sie später noch einmal nach.',
    '{1} could not be reached. Try again later.': '{1} war nicht erreichbar. Versuchen Sie es später noch einmal.',
    '{1} was asked too often. Try again later.': '{1} wurde zu oft gefragt. Versuchen Sie es später noch einmal.',
    'The System Administrator has taken {1} away. All you can do is to disconnect it.':
        'Der Systemadministrator hat {1} entfernt. Sie können die Verbindung nur noch trennen.',
    'What was kept of this connection cannot be opened. Connect it again.':
        'Was von dieser Verbindung aufbewahrt wurde, kann nicht geöffnet werden. Verbinden Sie neu.',
    '{1} says that you did not agree. Nothing was connected.':
        '{1} sagt, dass Sie nicht zugestimmt haben. Es wurde nichts verbunden.',
    'It took too long. Begin again.': 'Es hat zu lange gedauert. Beginnen Sie von vorn.',
    'No browser opens on this computer. Connect with a device code instead.':
        'Auf diesem Computer öffnet sich kein Browser. Verbinden Sie stattdessen mit einem Gerätecode.',
    'There is no git on this computer.': 'Auf diesem Computer gibt es kein git.',
    'Enter the host of a registry, such as ghcr.io or registry.example.com:5000.':
        'Geben Sie den Host einer Registry ein, etwa ghcr.io oder registry.example.com:5000.',
    'Enter the user name you have at the registry.': 'Geben Sie Ihren Benutzernamen bei der Registry ein.',
    'Enter the password, or a token that stands for it.':
        'Geben Sie das Passwort ein, oder ein Token, das dafür steht.',
    '{1} refused these credentials. Check the user name and the token, and try again.':
        '{1} hat diese Zugangsdaten abgelehnt. Prüfen Sie Benutzernamen und Token und versuchen Sie es noch einmal.',
    '{1} answers, but not as a container registry does. Check the host.':
        '{1} antwortet, aber nicht wie eine Container-Registry. Prüfen Sie den Host.',
    '{1} takes neither a password nor a token. Check the host.':
        '{1} nimmt weder ein Passwort noch ein Token an. Prüfen Sie den Host.',
    '{1} is asked too often at the moment. Try again later.':
        '{1} wird gerade zu oft gefragt. Versuchen Sie es später noch einmal.',
    '{1} was not found. Check the host, and the network of the service.':
        '{1} wurde nicht gefunden. Prüfen Sie den Host und das Netzwerk des Dienstes.',
    'Nothing answers at {1}. Check the host and its port, and try again.':
        'Unter {1} antwortet nichts. Prüfen Sie Host und Port und versuchen Sie es noch einmal.',
    '{1} did not answer in time. Try again later.':
        '{1} hat nicht rechtzeitig geantwortet. Versuchen Sie es später noch einmal.',
    'The certificate of {1} cannot be trusted, so nothing was sent. Check the host, or ask whoever runs it.':
        'Dem Zertifikat von {1} kann nicht vertraut werden, darum wurde nichts gesendet. Prüfen Sie den Host, oder fragen Sie, wer ihn betreibt.',
    'This computer has no keychain service that Latchkey can use (Secret Service).':
        'Dieser Computer hat keinen Schlüsselbunddienst, den Latchkey verwenden kann (Secret Service).',
    'The keychain of this computer is locked.': 'Der Schlüsselbund dieses Computers ist gesperrt.',
    'The keychain of this computer does not answer. A dialog to unlock it may be waiting for you.':
        'Der Schlüsselbund dieses Computers antwortet nicht. Vielleicht wartet ein Dialog zum Entsperren auf Sie.',
    'The keychain of this computer refused to work.': 'Der Schlüsselbund dieses Computers arbeitet nicht.',
    'Another program uses {1}. Choose another one.': 'Ein anderes Programm verwendet {1}. Wählen Sie einen anderen.',
    'Choose a port from {1} to {2}.': 'Wählen Sie einen Port von {1} bis {2}.',
    'A user name has no colon. Enter the part before it.':
        'Ein Benutzername hat keinen Doppelpunkt. Geben Sie den Teil davor ein.',
    'Use at most 16,384 bytes.': 'Verwenden Sie höchstens 16.384 Bytes.',
    'Remove the line break: a password is one line.': 'Entfernen Sie den Zeilenumbruch: Ein Passwort ist eine Zeile.',
    'Enter the host of the registry, such as ghcr.io.': 'Geben Sie den Host der Registry ein, etwa ghcr.io.',
    'Leave user name and password out of the host; they have fields of their own.':
        'Lassen Sie Benutzernamen und Passwort im Host weg; sie haben eigene Felder.',
    'Write the host in Latin letters: a name in another script has such a form, which begins with xn--.':
        'Schreiben Sie den Host in lateinischen Buchstaben: Ein Name in einer anderen Schrift hat eine solche Form, die mit xn-- beginnt.',
    'Latchkey signs in to this registry by itself: there is nothing to authorise. Set container tools up on this computer instead.':
        'Bei dieser Registry meldet sich Latchkey selbst an: Es gibt nichts freizugeben. Richten Sie stattdessen Container-Programme auf diesem Computer ein.',
    '{1} asks for the credentials to be sent without encryption, so they were not sent. Ask whoever runs it to set up HTTPS.':
        '{1} verlangt die Zugangsdaten ohne Verschlüsselung, darum wurden sie nicht gesendet. Bitten Sie, wer ihn betreibt, HTTPS einzurichten.',
    '{1} speaks no TLS, so the credentials were not sent. Check the port, or ask whoever runs it to set up HTTPS.':
        '{1} spricht kein TLS, darum wurden die Zugangsdaten nicht gesendet. Prüfen Sie den Port, oder bitten Sie, wer ihn betreibt, HTTPS einzurichten.',
    '{1} is at an address this service does not connect to. Ask whoever runs the service.':
        '{1} hat eine Adresse, zu der sich dieser Dienst nicht verbindet. Fragen Sie, wer den Dienst betreibt.',
    'The connection to {1} broke off. Check the host and its port, and try again.':
        'Die Verbindung zu {1} ist abgebrochen. Prüfen Sie Host und Port und versuchen Sie es noch einmal.',
    '{1} refused it ({2}). Try again, or ask the System Administrator.':
        '{1} hat es abgelehnt ({2}). Versuchen Sie es noch einmal, oder fragen Sie den Systemadministrator.',
    'You agreed as {1}, and this connection is of {2}. Sign in at {3} as {4} and try again.':
        'Sie haben als {1} zugestimmt, und diese Verbindung gehört {2}. Melden Sie sich bei {3} als {4} an und versuchen Sie es noch einmal.',
    'This computer does not let Latchkey use {1}. Choose another one.':
        'Dieser Computer lässt Latchkey {1} nicht verwenden. Wählen Sie einen anderen.',
};
