export const shell = {
    language: 'Language',
    languageFailed: 'The language cannot be loaded. Install Latchkey again.',
};
