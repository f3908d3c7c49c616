// What a test does as everybody but the service: the person at the provider, and the provider itself.

import { Browser } from './browser.js';
import { bodyOf, reply } from './http.js';
import { change } from './settings.js';

const CONTROLS = {
    // Decides while it runs; answers how everything is set now.
    settings: (here, body) => change(here.settings, body),

    // What happened so far.
    seen: (here) => here.seen,

    // Somebody follows an authorisation request, or opens the page for devices and types the code, and decides. Answers
    // where the browser was sent in the end, or what it showed.
    decide: (_, { url, login, agrees, code }) => new Browser(login, agrees, code).follow(url),

    // Somebody takes back what they granted, in the settings of their account.
    revoke: async (here, { login }) => ({ revoked: await here.oauth.revokeAll(login) }),

    // Whether a token is good.
    token: async (here, { token }) => ({ good: (await here.oauth.token(token)) !== undefined }),
};

export async function control(here, name, request, response) {
    const text = await bodyOf(request);
    try {
        reply(response, 200, await CONTROLS[name](here, text === '' ? {} : JSON.parse(text)));
    } catch (error) {
        reply(response, 500, { message: String(error.stack) });
    }
}
