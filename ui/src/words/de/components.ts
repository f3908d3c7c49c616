import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const components: Words['components'] = {
    windowTitle: (page) => `${page} – Latchkey`,
    show: {
        password: 'Passwort anzeigen',
        passphrase: 'Passphrase anzeigen',
        confirmation: 'Bestätigung anzeigen',
    },
    hide: {
        password: 'Passwort verbergen',
        passphrase: 'Passphrase verbergen',
        confirmation: 'Bestätigung verbergen',
    },
    passwordStrength: {
        atLeast: (characters) =>
            plural(characters, {
                one: 'Mindestens 1 Zeichen.',
                other: `Mindestens ${number(characters)} Zeichen.`,
            }),
        useAtLeast: (characters) =>
            plural(characters, {
                one: 'Verwenden Sie mindestens 1 Zeichen.',
                other: `Verwenden Sie mindestens ${number(characters)} Zeichen.`,
            }),
        tooShort: 'Zu kurz',
        weak: 'Schwach',
        fair: 'Mittel',
        strong: 'Stark',
        veryStrong: 'Sehr stark',
        easyToGuess: 'Das ist leicht zu erraten. Fügen Sie einige Wörter hinzu, die nichts miteinander zu tun haben.',
        notEnough: 'Das reicht noch nicht. Ein oder zwei weitere Wörter würden genügen.',
        twoMoreWords: 'Ein oder zwei weitere Wörter würden es stark machen.',
        oneMoreWord: 'Ein weiteres Wort würde es sehr stark machen.',
    },
};
