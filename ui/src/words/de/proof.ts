import type { Words } from '../en';

export const proof: Words['proof'] = {
    title: 'Bestätigen Sie, dass Sie es sind',
    text: 'Dafür müssen Sie sich noch einmal ausweisen. Danach geht weiter, was Sie begonnen haben.',
    password: 'Passwort',
    confirm: 'Bestätigen',
};
