import { grammar } from './grammar';

const { plural, number } = grammar;

/** The frame of the documentation. What it says itself comes from the service, in English. */
export const apiDocumentation = {
    title: 'API documentation',
    back: 'Back',
    whatFor: 'What scripts and tools can do with your account.',
    /** `origin` is the address of the server. */
    whatForAt: 'What scripts and tools can do with your account, with lines for <origin/>.',
    openInBrowser: 'Open in browser',
    tryAgain: 'Try again',
    loading: 'Loading the documentation',
    nothingListens: 'Nothing listens on this computer yet',
    nothingListensText: (origin: string) =>
        `Switch on “REST API on this computer” on the page API keys. Until then the lines name ${origin} in its place.`,
    apiKeys: 'API keys',
    search: 'Search the documentation',
    /** What the documentation says is English, and so are the examples. */
    searchHint: 'Search, as in “profile” or “DELETE key”',
    found: (entries: number) => plural(entries, { one: '1 entry found', other: `${number(entries)} entries found` }),
    nothingFound: 'Nothing found',
    nothingFoundText: 'No endpoint, type or error has all of these words.',
    showAll: 'Show all',
    /** Headings of the page. */
    guide: 'Guide',
    types: 'Types',
    errorCodes: 'Error codes',
    example: 'Example',
    copyLines: 'Copy the lines',
    endpoint: {
        call: 'The call as a line for a shell',
        copyLine: 'Copy the line',
        parameters: 'Parameters',
        body: 'Body',
        /** `types` names kinds of content, as in `image/png`. */
        content: 'The content itself: <types/>',
        answer: 'Answer',
        answered: 'What is answered',
        errors: 'Errors',
    },
    /** Headings of columns, and what stands below a name. */
    table: {
        parameter: 'Parameter',
        field: 'Field',
        kind: 'Kind',
        meaning: 'Meaning',
        optional: 'optional',
        status: 'Status',
        code: 'Code',
        errors: 'Errors',
        places: { path: 'in the path', query: 'in the query', header: 'in the header' },
        /** A place and `optional`. */
        both: (place: string, need: string) => `${place}, ${need}`,
    },
    /** Who may call, and what has to be proved, in a word each. */
    badges: {
        anyone: 'Anyone',
        session: 'Session',
        apiKey: 'API key',
        scope: 'Scope api',
        bothInBody: 'Password and second factor in the body',
        bothWithin: (minutes: number) =>
            plural(minutes, {
                one: 'Password and second factor within 1 min',
                other: `Password and second factor within ${number(minutes)} min`,
            }),
        secondInBody: 'Second factor in the body',
        secondWithin: (minutes: number) =>
            plural(minutes, {
                one: 'Second factor within 1 min',
                other: `Second factor within ${number(minutes)} min`,
            }),
    },
};
