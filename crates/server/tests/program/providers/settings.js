// What a test decides about the provider, when it starts it or while it runs.

const USUAL = {
    client_id: 'latchkey-test',
    // Null: the client has none.
    client_secret: null,
    // Where GitLab lies below the root of its host, as in `/gitlab`.
    root: '',
    // Seconds until tokens and codes end; null is never.
    access_token_ttl: 7200,
    device_code_ttl: 900,
    code_ttl: 60,
    // Whether there are refresh tokens.
    refresh: true,
    // Seconds between two questions of a device, and how many questions are answered `slow_down` from now on.
    interval: 1,
    slow_down: 0,
    // What people do not grant, whatever is asked for.
    withheld: [],
    // Whether authorisation requests come with another challenge than they were made with.
    swaps_challenge: false,
    // Whether the API says that the account is suspended, and whether it leaves out of repositories what they have to have.
    suspended: false,
    malformed: false,
    // Repositories in addition to those that can be cloned.
    repositories: 0,
    // How requests are answered, but those of tests: see behaviour.js. Empty `on` is every path.
    behaviour: 'well',
    on: '',
    // Whether Prism holds every request and answer of the API against its published description; only at the start, and
    // where there is one. It takes seconds to load on a machine that has other things to do.
    described: false,
    // Whether the API then answers with the examples of its description instead of what is here.
    examples: false,
};

export function settingsWith(given) {
    return change({ ...USUAL }, given);
}

export function change(settings, given) {
    for (const name of Object.keys(given)) {
        if (!(name in USUAL)) {
            throw new Error(`there is no setting ${name}`);
        }
    }
    return Object.assign(settings, given);
}
