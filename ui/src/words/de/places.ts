import type { Words } from '../en';

export const places: Words['places'] = {
    title: 'Wo ist Ihr Konto?',
    label: 'Wo Ihr Konto ist',
    othersStay: 'Auf anderen Servern bleiben Sie angemeldet.',
    addLater: 'Andere Server können Sie später hinzufügen.',
    here: 'Diesen Computer verwenden',
    hereText: 'Ein eigener Kontodienst läuft in Latchkey und bewahrt Ihre Daten hier auf.',
    connect: 'Mit einem Server verbinden',
    connectAnother: 'Mit einem anderen Server verbinden',
    connectText: 'Verwenden Sie das Konto, das Ihr Team oder Ihre Organisation Ihnen gegeben hat.',
    notEncrypted: (host) => `${host}, nicht verschlüsselt`,
    go: 'Weiter',
    back: 'Zurück',
    backTo: (place) => `Zurück zu ${place}`,
    blocked: {
        nothingChosen: 'Wählen Sie zuerst, wo Ihr Konto ist.',
        looking: 'Der Server wird noch gesucht.',
        noAddress: 'Geben Sie zuerst die Adresse eines Servers ein.',
    },
    plain: {
        title: 'Ohne Verschlüsselung verbinden?',
        text: 'Ihr Passwort und alles in Ihrem Konto kann auf dem Weg zu diesem Server gelesen werden.',
        action: 'Ohne Verschlüsselung verbinden',
        found: 'Diese Verbindung ist nicht verschlüsselt',
        foundText:
            'Jeder auf dem Weg kann Ihr Passwort lesen. Verwenden Sie eine Adresse, die mit https:// beginnt, wenn es eine gibt.',
    },
    forget: {
        label: (place) => `${place} vergessen`,
        title: (place) => `${place} vergessen?`,
        text: 'Konten, die dort angemeldet sind, werden auf diesem Computer abgemeldet. Die Konten selbst bleiben.',
        action: 'Server vergessen',
    },
    address: {
        label: 'Server-URL',
        hint: 'Ihr Systemadministrator kann Ihnen die Adresse nennen.',
        looking: 'Der Server wird gesucht',
        found: (name, version) => `${name}, Version ${version}`,
    },
};
