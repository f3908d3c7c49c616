// GitLab, self-managed, as https://docs.gitlab.com/api describes it: "OAuth 2.0 identity provider API", "Users API",
// "Projects API".

import { bearer, page, reply } from './http.js';
import { person, repositories } from './people.js';

export function gitlab(here) {
    const { url, settings } = here;
    return {
        issuer: url,
        apiRoot: '/api/v4',
        realm: 'GitLab',
        clone: 'read_repository',
        scopes: ['api', 'read_api', 'read_user', 'read_repository', 'write_repository'],
        routes: {
            authorization: '/oauth/authorize',
            code_verification: '/oauth/device',
            device_authorization: '/oauth/authorize_device',
            token: '/oauth/token',
            revocation: '/oauth/revoke',
        },

        // An application that is confidential needs its secret everywhere, another has none.
        secret(_, body) {
            const description =
                'Client authentication failed due to unknown client, no client authentication included.';
            return (body.client_secret ?? null) === settings.client_secret
                ? undefined
                : { status: 401, body: { error: 'invalid_client', error_description: description } };
        },

        dress(ctx, route) {
            if (route === 'token' && ctx.status === 200) {
                ctx.body = { ...ctx.body, created_at: Math.floor(Date.now() / 1000) };
            }
            if (route === 'revocation' && ctx.status === 200) {
                ctx.body = {};
            }
        },

        async api(path, query, request, response) {
            const value = bearer(request) ?? request.headers['private-token'];
            const found = await here.oauth.token(value);
            if (!value) {
                return reply(response, 401, { message: '401 Unauthorized' });
            }
            if (!found) {
                const description = 'Token was revoked. You have to re-authorize from the user.';
                return reply(response, 401, { error: 'invalid_token', error_description: description });
            }
            if (settings.suspended) {
                return reply(response, 403, { message: '403 Forbidden - Your account has been blocked.' });
            }
            const reads = found.scopes.some((scope) => scope === 'api' || scope === 'read_api');
            if (!reads && !(path === '/user' && found.scopes.includes('read_user'))) {
                const description = 'The request requires higher privileges than provided by the access token.';
                return reply(response, 403, { error: 'insufficient_scope', error_description: description });
            }
            if (path === '/user') {
                return reply(response, 200, user(url, person(found.login)));
            }
            if (path === '/projects') {
                return projects(here, found.login, query, response);
            }
            return reply(response, 404, { error: '404 Not Found' });
        },
    };
}

function projects({ url, settings }, login, query, response) {
    const search = (query.get('search') ?? '').toLowerCase();
    const names = query.get('search_namespaces') === 'true';
    const matches = ({ owner, name, description }) =>
        [name, description ?? '', names ? `${owner}/${name}` : ''].some((text) => text.toLowerCase().includes(search));
    // Everybody sees what is public; here, that is what others' lists would be full of.
    const others =
        query.get('membership') === 'true'
            ? []
            : [{ id: 1, owner: 'other', name: 'public', visibility: 'public', branch: 'main' }];
    const all = [...others, ...repositories(login, settings.repositories)].filter(matches);
    const { rows, link, at, size, last } = page(all, query, `${url}/api/v4/projects`, 100, 20);
    const headers = {
        ...link,
        'X-Next-Page': at < last ? String(at + 1) : '',
        'X-Page': String(at),
        'X-Per-Page': String(size),
        'X-Prev-Page': at > 1 ? String(at - 1) : '',
        'X-Total': String(all.length),
        'X-Total-Pages': String(last),
    };
    const simple = query.get('simple') === 'true';
    const shapes = rows.map((one) => project(url, one, simple));
    if (settings.malformed) {
        shapes.forEach((shape) => delete shape.path_with_namespace);
    }
    reply(response, 200, shapes, headers);
}

function project(url, { id, owner, name, description, visibility, branch }, simple) {
    const path = `${owner}/${name}`;
    const basic = {
        id,
        description: description ?? null,
        name,
        name_with_namespace: `${owner} / ${name}`,
        path: name,
        path_with_namespace: path,
        created_at: '2026-01-05T09:00:00.000Z',
        default_branch: branch,
        tag_list: [],
        topics: [],
        ssh_url_to_repo: `git@127.0.0.1:${path}.git`,
        http_url_to_repo: `${url}/${path}.git`,
        web_url: `${url}/${path}`,
        readme_url: null,
        forks_count: 0,
        avatar_url: null,
        star_count: 0,
        last_activity_at: '2026-01-05T09:00:00.000Z',
        namespace: { id: 1, name: owner, path: owner, kind: 'group', full_path: owner, parent_id: null },
    };
    // What the short form leaves out, and what people can see of themselves.
    return simple ? basic : { ...basic, visibility, archived: false, empty_repo: branch === null, creator_id: 1 };
}

function user(url, { id, login, name }) {
    return {
        id,
        username: login,
        name,
        state: 'active',
        locked: false,
        avatar_url: null,
        web_url: `${url}/${login}`,
        created_at: '2026-01-05T09:00:00.000Z',
        email: `${login}@example.com`,
        two_factor_enabled: true,
    };
}
