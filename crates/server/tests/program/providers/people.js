// Accounts at the provider, and what they reach. Whoever signs in under a name has an account.

const KNOWN = ['maren', 'ada', 'blocked'];

export function person(login) {
    const at = KNOWN.indexOf(login);
    const id = at >= 0 ? 4711 + at : [...login].reduce((sum, letter) => sum * 31 + letter.codePointAt(0), 7) % 1e9;
    return { id, login, name: login[0].toUpperCase() + login.slice(1) };
}

// Those with a `file` are there for git.
const REPOSITORIES = [
    { name: 'dotfiles', description: null, visibility: 'public', branch: 'main', file: 'maren' },
    {
        owner: 'northwind',
        name: 'tools',
        description: 'Tools of the house',
        visibility: 'private',
        branch: 'trunk',
        file: 'northwind',
    },
    { owner: 'northwind', name: 'handbook', description: 'How we work', visibility: 'internal', branch: 'main' },
    { owner: 'northwind', name: 'empty', description: null, visibility: 'private', branch: null },
];

// What a person reaches; those of `northwind` are everybody's who works there, `dotfiles` is their own.
export function repositories(login, more) {
    const many = Array.from({ length: more }, (_, at) => ({
        owner: 'northwind',
        name: `service-${String(at + 1).padStart(3, '0')}`,
        description: null,
        visibility: 'private',
        branch: 'main',
    }));
    return [...REPOSITORIES, ...many].map((one, at) => ({ id: 1000 + at, owner: login, ...one }));
}
