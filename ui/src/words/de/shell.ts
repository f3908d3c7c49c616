import type { Words } from '../en';

export const shell: Words['shell'] = {
    language: 'Sprache',
    languageFailed: 'Die Sprache kann nicht geladen werden. Installieren Sie Latchkey neu.',
};
