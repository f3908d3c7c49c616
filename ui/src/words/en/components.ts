import { grammar } from './grammar';

const { plural, number } = grammar;

export const components = {
    /** The title of the window. */
    windowTitle: (page: string) => `${page} – Latchkey`,
    /** What the eye at a secret does. */
    show: { password: 'Show password', passphrase: 'Show passphrase', confirmation: 'Show confirmation' },
    hide: { password: 'Hide password', passphrase: 'Hide passphrase', confirmation: 'Hide confirmation' },
    /** How strong a new password is. */
    passwordStrength: {
        atLeast: (characters: number) =>
            plural(characters, {
                one: 'At least 1 character.',
                other: `At least ${number(characters)} characters.`,
            }),
        useAtLeast: (characters: number) =>
            plural(characters, {
                one: 'Use at least 1 character.',
                other: `Use at least ${number(characters)} characters.`,
            }),
        tooShort: 'Too short',
        weak: 'Weak',
        fair: 'Fair',
        strong: 'Strong',
        veryStrong: 'Very strong',
        easyToGuess: 'This is easy to guess. Add a few unrelated words.',
        notEnough: 'That is not enough yet. One or two more words would do.',
        twoMoreWords: 'One or two more words would make it strong.',
        oneMoreWord: 'One more word would make it very strong.',
    },
};
