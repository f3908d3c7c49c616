export const proof = {
    title: 'Confirm it is you',
    text: 'This needs a fresh proof of who you are. What you began goes on afterwards.',
    password: 'Password',
    confirm: 'Confirm',
};
