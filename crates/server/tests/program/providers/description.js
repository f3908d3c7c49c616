// GitHub's description of its API, as it publishes it, cut down to what is used here. Prism holds every request and every
// answer against it, and answers with its examples where a test asks for that.

import http from 'node:http';

import { createLogger } from '@stoplight/prism-core';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { createServer } from '@stoplight/prism-http-server';

import { reply } from './http.js';

export class Description {
    static async of(provider, here) {
        const description = new Description();
        description.here = here;
        const operations = await getHttpOperationsFromSpec(cut(provider.description, provider.paths));
        const upstream = new URL(`http://${new URL(here.url).host}/behind`);
        const shared = { validateRequest: true, validateResponse: true, checkSecurity: false, errors: false };
        const logger = createLogger('prism', { level: 'fatal' });
        const listen = (config) =>
            createServer(operations, { cors: false, config, components: { logger } }).listen(0, '127.0.0.1');
        description.proxy = await listen({ ...shared, isProxy: true, upstream, mock: { dynamic: false } });
        description.mock = await listen({ ...shared, isProxy: false, mock: { dynamic: false, ignoreExamples: false } });
        return description;
    }

    // Has a request answered through Prism.
    async pass(target, request, response) {
        const { settings, seen } = this.here;
        if (settings.examples) {
            return this.#example(target, response);
        }
        const { host: _, connection: __, ...headers } = request.headers;
        const passed = http.request(this.proxy + target, { method: request.method, headers }, (answer) => {
            const violations = answer.headers['sl-violations'];
            if (violations) {
                seen.violations.push({ request: `${request.method} ${target}`, violations: JSON.parse(violations) });
            }
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
        });
        passed.on('error', () => response.destroy());
        request.pipe(passed);
        return undefined;
    }

    // GitHub answers JSON to whoever asks for its own media type, which Prism does not know. And its examples are of
    // github.com, where this is another host.
    async #example(target, response) {
        const answer = await fetch(this.mock + target, { headers: { accept: 'application/json' } });
        const text = (await answer.text()).replaceAll('https://github.com/', `${this.here.url}/`);
        reply(response, answer.status, JSON.parse(text));
    }
}

// The paths, and what they lead to.
function cut(whole, paths) {
    const [kept, wanted] = [{}, []];
    const look = (value) => {
        if (Array.isArray(value)) {
            value.forEach(look);
        } else if (value && typeof value === 'object') {
            Object.entries(value).forEach(([name, inner]) => (name === '$ref' ? wanted.push(inner) : look(inner)));
        }
    };
    const chosen = Object.fromEntries(paths.map((path) => [path, whole.paths[path]]));
    look(chosen);
    while (wanted.length > 0) {
        const [, , kind, name] = wanted.pop().split('/');
        kept[kind] ??= {};
        if (!(name in kept[kind])) {
            kept[kind][name] = whole.components[kind][name];
            look(kept[kind][name]);
        }
    }
    return {
        ...whole,
        servers: [{ url: 'http://127.0.0.1' }],
        paths: chosen,
        components: kept,
        webhooks: undefined,
        'x-webhooks': undefined,
    };
}
