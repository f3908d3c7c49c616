import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

/** A number of characters, as it stands after “at least”. */
const ofCharacters = (count: number) =>
    plural(count, {
        zero: `${number(count)} حرف`,
        one: 'حرف واحد',
        two: 'حرفين',
        few: `${number(count)} أحرف`,
        many: `${number(count)} حرفًا`,
        other: `${number(count)} حرف`,
    });

export const components: Words['components'] = {
    windowTitle: (page) => `${page} – Latchkey`,
    show: { password: 'إظهار كلمة المرور', passphrase: 'إظهار عبارة المرور', confirmation: 'إظهار التأكيد' },
    hide: { password: 'إخفاء كلمة المرور', passphrase: 'إخفاء عبارة المرور', confirmation: 'إخفاء التأكيد' },
    passwordStrength: {
        atLeast: (characters) => `لا تقل عن ${ofCharacters(characters)}.`,
        useAtLeast: (characters) => `استخدم ما لا يقل عن ${ofCharacters(characters)}.`,
        tooShort: 'قصيرة جدًا',
        weak: 'ضعيفة',
        fair: 'متوسطة',
        strong: 'قوية',
        veryStrong: 'قوية جدًا',
        easyToGuess: 'يسهل تخمينها. أضف بضع كلمات لا صلة بينها.',
        notEnough: 'هذا لا يكفي بعد. تكفي كلمة أو كلمتان إضافيتان.',
        twoMoreWords: 'كلمة أو كلمتان إضافيتان تجعلانها قوية.',
        oneMoreWord: 'كلمة إضافية واحدة تجعلها قوية جدًا.',
    },
};
