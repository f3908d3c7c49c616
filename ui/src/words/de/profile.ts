import type { Words } from '../en';
import { grammar } from './grammar';

const { number } = grammar;

export const profile: Words['profile'] = {
    title: 'Profil',
    edit: 'Profil bearbeiten',
    details: 'Angaben',
    bio: '<label>Über mich:</label> <bio/>',
    username: 'Benutzername',
    copyUsername: 'Benutzernamen kopieren',
    copyEmail: 'E-Mail-Adresse kopieren',
    account: 'Konto',
    fields: { name: 'Name', email: 'E-Mail', location: 'Ort', bio: 'Über mich' },

    editing: {
        title: 'Profil bearbeiten',
        back: 'Zurück zum Profil',
        required: '* Pflichtfeld',
        cancel: 'Abbrechen',
        save: 'Profil aktualisieren',
        saved: 'Das Profil wurde aktualisiert',
        toBeConfirmed: (inUse) =>
            `An die neue Adresse wird ein Code geschickt. Bis sie bestätigt ist, gilt weiter ${inUse}.`,
        discard: {
            title: 'Änderungen verwerfen?',
            text: 'Was Sie auf dieser Seite eingegeben haben, ist nicht gespeichert.',
            action: 'Verwerfen',
            cancel: 'Weiter bearbeiten',
        },
    },

    conflict: {
        title: 'Ihr Profil wurde anderswo geändert',
        text: '„Neu laden“ verwirft Ihre Eingaben. „Überschreiben“ speichert sie; was Sie nicht geändert haben, bleibt, wie es anderswo gespeichert wurde.',
        field: 'Feld',
        typed: 'Ihre Eingabe',
        savedElsewhere: 'Anderswo gespeichert',
        leftAlone: 'Nicht geändert',
        empty: 'Leer',
        keep: 'Weiter bearbeiten',
        reload: 'Neu laden',
        overwrite: 'Überschreiben',
    },

    pendingEmail: {
        title: (address) => `${address} bestätigen`,
        text: (inUse) => `Dorthin wurde ein Code geschickt. Bis die Adresse bestätigt ist, gilt weiter ${inUse}.`,
        code: 'Code',
        confirm: 'Bestätigen',
        cancel: 'Abbrechen',
        cancelChange: 'Änderung der E-Mail-Adresse abbrechen',
        sent: (address) => `Ein Code ist unterwegs an ${address}`,
        sentAgain: (address) => `Ein neuer Code ist unterwegs an ${address}`,
        changed: (address) => `Die E-Mail-Adresse ist jetzt ${address}`,
        cancelled: 'Die neue E-Mail-Adresse wurde verworfen',
        taken: (why) => `${why} Brechen Sie ab, und wählen Sie eine andere.`,
        incorrect: 'Dieser Code ist nicht richtig. Geben Sie den aus der neuesten E-Mail ein.',
        expired: 'Dieser Code ist abgelaufen. Lassen Sie sich einen neuen schicken.',
    },

    avatar: {
        title: 'Profilbild',
        text: 'Die meisten Bildformate gehen, am besten .png oder .jpeg. Ohne Bild werden Ihre Initialen gezeigt.',
        choose: 'Bild wählen',
        remove: 'Entfernen',
        nothingToRemove: 'Es gibt kein Bild zu entfernen: Ihre Initialen werden gezeigt.',
        drop: 'Legen Sie das Bild hier ab, um es als Profilbild zu verwenden',
        replaced: 'Das Profilbild wurde geändert',
        removed: 'Das Profilbild wurde entfernt',
        removal: {
            title: 'Profilbild entfernen?',
            text: 'Das Bild wird vom Server gelöscht. Stattdessen werden Ihre Initialen gezeigt.',
            action: 'Entfernen',
        },
    },

    crop: {
        title: 'Profilbild zuschneiden',
        text: 'Ziehen Sie das Bild, oder klicken Sie auf die Stelle für die Mitte. Zum Vergrößern scrollen Sie oder verwenden den Regler.',
        stage: (percent) => `Bild, auf ${number(percent)} Prozent vergrößert. Die Pfeiltasten verschieben es.`,
        zoom: 'Vergrößerung',
        percentAloud: (percent) => `${number(percent)} Prozent`,
        percent: (percent) => `${number(percent)}\u00a0%`,
        reset: 'Zurücksetzen',
        cancel: 'Abbrechen',
        use: 'Verwenden',
    },

    upload: {
        label: 'Hochladen des Profilbilds',
        steps: { preparing: 'Wird vorbereitet', uploading: 'Wird hochgeladen', finishing: 'Wird abgeschlossen' },
        uploadingAt: (percent) => `Wird hochgeladen, ${number(percent)}\u00a0%`,
    },
};
