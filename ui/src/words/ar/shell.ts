import type { Words } from '../en';

export const shell: Words['shell'] = {
    language: 'اللغة',
    languageFailed: 'تعذّر تحميل اللغة. أعد تثبيت Latchkey.',
};
