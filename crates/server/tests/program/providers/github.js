// GitHub Enterprise Server, as https://docs.github.com describes it: "Authorizing OAuth apps", "Troubleshooting OAuth app
// access token request errors", and the REST API, of which the shapes are those of its published description.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { basic, bearer, bodyOf, page, reply } from './http.js';
import { person, repositories } from './people.js';

// What its errors are called, by the grant and the error of RFC 6749.
const ERRORS = {
    authorization_code: { invalid_grant: 'bad_verification_code' },
    refresh_token: { invalid_grant: 'bad_refresh_token' },
    'urn:ietf:params:oauth:grant-type:device_code': { invalid_grant: 'incorrect_device_code' },
};

export function github(here) {
    const { url, settings } = here;
    const file = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
    const description = JSON.parse(readFileSync(file, 'utf8'));
    here.examples = examplesOf(description);
    const token = '/login/oauth/access_token';
    return {
        issuer: `${url}/login/oauth`,
        apiRoot: '/api/v3',
        description,
        paths: ['/user', '/user/repos', '/search/repositories', '/applications/{client_id}/token'],
        realm: 'GitHub',
        clone: 'repo',
        scopes: ['repo', 'public_repo', 'read:org', 'user'],
        routes: {
            authorization: '/login/oauth/authorize',
            code_verification: '/login/device',
            device_authorization: '/login/device/code',
            token,
            // It has none: see DELETE below.
            revocation: '/nowhere/revocation',
        },

        // The flow with a code needs the secret, the others do without.
        secret(path, body) {
            const needed = path === token && body.grant_type === 'authorization_code';
            const wrong = body.client_secret !== undefined && body.client_secret !== settings.client_secret;
            const missing = needed && (settings.client_secret === null || body.client_secret === undefined);
            return wrong || missing ? { status: 200, body: problem('incorrect_client_credentials') } : undefined;
        },

        dress(ctx, route, params) {
            if (route !== 'token' && route !== 'device_authorization') {
                return;
            }
            const body = ctx.body;
            if (body.error === 'invalid_client') {
                [ctx.status, ctx.body] = [404, { error: 'Not Found' }];
                return;
            }
            if (body.error) {
                const error = ERRORS[params?.grant_type]?.[body.error] ?? body.error;
                ctx.body = problem(error, body.error_description);
                if (error === 'slow_down') {
                    ctx.body.interval = settings.interval + 5;
                }
            } else if (route === 'token') {
                ctx.body = { ...body, token_type: 'bearer', scope: (body.scope ?? '').split(' ').join(',') };
                if (body.refresh_token) {
                    ctx.body.refresh_token_expires_in = 15897600;
                }
            } else {
                delete body.verification_uri_complete;
            }
            ctx.status = 200;
            if (ctx.accepts('application/x-www-form-urlencoded', 'json') !== 'json') {
                ctx.body = new URLSearchParams(ctx.body).toString();
                ctx.type = 'application/x-www-form-urlencoded';
            }
        },

        async api(path, query, request, response) {
            if (!request.headers['user-agent']) {
                return reply(response, 403, refusal(403, 'Request forbidden by administrative rules.'));
            }
            const application = /^\/applications\/([^/]+)\/token$/.exec(path);
            if (application && request.method === 'DELETE') {
                return deleteToken(here, application[1], request, response);
            }
            const found = await here.oauth.token(bearer(request));
            if (!found) {
                return reply(response, 401, refusal(401, 'Bad credentials'));
            }
            const scopes = { 'X-OAuth-Scopes': found.scopes.join(', '), 'X-Accepted-OAuth-Scopes': '' };
            if (settings.suspended) {
                return reply(response, 403, refusal(403, 'Sorry. Your account was suspended'), scopes);
            }
            if (path === '/user') {
                return reply(response, 200, shaped(here, 'user', person(found.login)), scopes);
            }
            const reached = repositories(found.login, settings.repositories);
            const seeable = found.scopes.includes('repo')
                ? reached
                : reached.filter((one) => one.visibility === 'public');
            const all = seeable.map((one) => repository(here, one));
            const address = `${url}/api/v3${path}`;
            if (path === '/user/repos') {
                const { rows, link } = page(all, query, address);
                return reply(response, 200, rows, { ...scopes, ...link });
            }
            if (path === '/search/repositories') {
                const words = (query.get('q') ?? '')
                    .toLowerCase()
                    .split(' ')
                    .filter((word) => word && !word.includes(':'));
                const found = all.filter((one) => words.every((word) => one.name.toLowerCase().includes(word)));
                const { rows, link } = page(found, query, address);
                const items = rows.map((one) => ({ ...one, score: 1 }));
                return reply(response, 200, { total_count: found.length, incomplete_results: false, items }, link);
            }
            return reply(response, 404, refusal(404, 'Not Found'));
        },
    };
}

async function deleteToken(here, client, request, response) {
    const { settings } = here;
    const by = basic(request);
    if (by?.username !== settings.client_id || by?.password !== settings.client_secret || client !== by.username) {
        return reply(response, 404, refusal(404, 'Not Found'));
    }
    const { access_token } = JSON.parse(await bodyOf(request));
    const found = await here.oauth.token(access_token);
    if (!found) {
        return reply(response, 422, { message: 'Validation Failed', errors: [], documentation_url: DOCUMENTATION });
    }
    await here.oauth.revokeGrant(found.grant);
    here.seen.revoked += 1;
    return reply(response, 204);
}

const DOCUMENTATION = 'https://docs.github.com/rest';
const refusal = (status, message) => ({ message, documentation_url: DOCUMENTATION, status: String(status) });
const problem = (error, description = 'The request was refused.') => ({
    error,
    error_description: description,
    error_uri: 'https://docs.github.com/apps/oauth-apps',
});

function examplesOf({ components: { examples } }) {
    return {
        user: examples['private-user-response-with-public-and-private-profile-information'].value,
        repository: examples['repository-items-default-response'].value[0],
    };
}

// The example of the description, with what is different here.
function shaped(here, name, values) {
    return { ...structuredClone(here.examples[name]), ...values };
}

function repository(here, { id, owner, name, description, visibility, branch }) {
    const full = `${owner}/${name}`;
    const web = `${here.url}/${full}`;
    const example = here.examples.repository;
    const shape = shaped(here, 'repository', {
        id,
        name,
        full_name: full,
        owner: { ...example.owner, login: owner },
        description,
        private: visibility !== 'public',
        visibility,
        // It names one for empty repositories, too.
        default_branch: branch ?? 'main',
        html_url: web,
        clone_url: `${web}.git`,
    });
    if (here.settings.malformed) {
        delete shape.full_name;
    }
    return shape;
}
