// oidc-provider as an authorisation server that speaks no OpenID: device authorisation (RFC 8628), authorisation codes
// with PKCE (RFC 7636) and loopback redirects (RFC 8252), refresh tokens that are good for once, revocation (RFC 7009).

import querystring from 'node:querystring';

import Provider from 'oidc-provider';

import { adapter } from './adapter.js';
import { basic, bodyOf, reply } from './http.js';

const NEVER = 3650 * 24 * 3600;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const page = (words) => (ctx) => {
    ctx.body = `<!doctype html><meta charset="utf-8"><title>${words}</title><p>${words}</p>`;
};
const form =
    (words) =>
    (ctx, inner, ...more) => {
        const said = more[0]?.error_description ?? words;
        ctx.body = `<!doctype html><meta charset="utf-8"><title>Device</title><p>${said}</p>${inner}
        <button type="submit" form="op.deviceInputForm">Continue</button>`;
    };

export function authorizationServer(here, provider) {
    const { settings, seen, url } = here;
    const Kept = adapter();
    const oidc = new Provider(provider.issuer, {
        adapter: Kept,
        clients: [
            {
                client_id: settings.client_id,
                client_name: 'Latchkey',
                application_type: 'native',
                token_endpoint_auth_method: 'none',
                grant_types: ['authorization_code', 'refresh_token', DEVICE],
                response_types: ['code'],
                redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
            },
        ],
        claims: { sub: null },
        cookies: { keys: ['of one test'] },
        features: {
            deviceFlow: {
                enabled: true,
                mask: '****-****',
                userCodeInputSource: form('Which code does the device show?'),
                userCodeConfirmSource: form('Is this the code the device shows?'),
                successSource: page('The device is connected.'),
            },
            devInteractions: { enabled: true },
            revocation: { enabled: true },
            userinfo: { enabled: false },
        },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
        issueRefreshToken: () => settings.refresh,
        rotateRefreshToken: true,
        // A person's grant, but for what they withhold.
        async loadExistingGrant(ctx) {
            const id = ctx.oidc.result?.consent?.grantId ?? ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
            const grant = id && (await ctx.oidc.provider.Grant.find(id));
            if (grant && settings.withheld.length > 0) {
                grant.rejectOIDCScope(settings.withheld.join(' '));
                await grant.save();
            }
            return grant || undefined;
        },
        pkce: { required: () => true },
        responseTypes: ['code'],
        renderError: (ctx, out) => page(`${out.error}: ${out.error_description}`)(ctx),
        revokeGrantPolicy: () => true,
        routes: provider.routes,
        scopes: provider.scopes,
        ttl: {
            AccessToken: () => settings.access_token_ttl ?? NEVER,
            AuthorizationCode: () => settings.code_ttl,
            DeviceCode: () => settings.device_code_ttl,
            RefreshToken: () => NEVER,
            Grant: () => NEVER,
            Interaction: () => 3600,
            Session: () => 3600,
        },
    });

    // When each device asked last.
    const asked = new Map();
    oidc.use(async (ctx, next) => {
        await next();
        const { route, params } = ctx.oidc ?? {};
        if (route === 'device_authorization' && ctx.status === 200) {
            ctx.body.interval = settings.interval;
            seen.issued.push(ctx.body.device_code);
        }
        if (route === 'token') {
            if (ctx.body.error === 'authorization_pending') {
                slowDown(params.device_code, ctx);
            }
            if (ctx.body.access_token && settings.access_token_ttl === null) {
                delete ctx.body.expires_in;
            }
            const list = ctx.body.error ? seen.refused : undefined;
            list?.push({ grant: params?.grant_type, error: ctx.body.error });
            if (!list) {
                seen.grants[params.grant_type] = (seen.grants[params.grant_type] ?? 0) + 1;
                seen.issued.push(...[ctx.body.access_token, ctx.body.refresh_token].filter(Boolean));
            }
        }
        if (route === 'revocation' && ctx.status === 200) {
            seen.revoked += 1;
        }
        provider.dress(ctx, route, params);
    });

    function slowDown(device, ctx) {
        const [now, last] = [Date.now(), asked.get(device)];
        asked.set(device, now);
        // Clocks of two computers and the way between them: not to the millisecond.
        const early = last !== undefined && now - last < settings.interval * 1000 - 100;
        if (settings.slow_down > 0 || early) {
            settings.slow_down = Math.max(0, settings.slow_down - 1);
            ctx.body = { error: 'slow_down', error_description: 'the device asks too often' };
        }
    }

    const answer = oidc.callback();
    const posts = ['token', 'device_authorization', 'revocation'].map((name) => provider.routes[name]);
    return {
        async serve(target, request, response) {
            const path = target.split('?')[0];
            if (request.method === 'POST' && posts.includes(path)) {
                const body = querystring.parse(await bodyOf(request));
                const client = basic(request);
                if (client) {
                    body.client_id ??= decodeURIComponent(client.username);
                    body.client_secret ??= decodeURIComponent(client.password);
                    delete request.headers.authorization;
                }
                const refused = provider.secret(path, body);
                if (refused) {
                    seen.refused.push({ grant: body.grant_type, error: refused.body.error });
                    return reply(response, refused.status, refused.body);
                }
                delete body.client_secret;
                request.body = body;
            }
            request.originalUrl = settings.root + target;
            request.url = target;
            if (path === provider.routes.authorization && settings.swaps_challenge) {
                request.url = target.replace(/code_challenge=[^&]+/, `code_challenge=${'A'.repeat(43)}`);
                request.originalUrl = settings.root + request.url;
            }
            return answer(request, response);
        },

        // Whose token it is, and for what; undefined where it is not good.
        async token(value) {
            const token = value && (await oidc.AccessToken.find(value));
            return token && { login: token.accountId, scopes: token.scope?.split(' ') ?? [], grant: token.grantId };
        },

        // Ends a grant with everything that came of it. Whether there was one.
        async revokeGrant(id) {
            for (const model of [oidc.AccessToken, oidc.RefreshToken, oidc.AuthorizationCode, oidc.DeviceCode]) {
                await model.revokeByGrantId(id);
            }
            await oidc.Grant.adapter.destroy(id);
        },

        // As a person does in the settings of their account there.
        async revokeAll(login) {
            const grants = Kept.grantsOf(login);
            for (const [key] of grants) {
                await this.revokeGrant(key.slice('Grant:'.length));
            }
            return grants.length;
        },

        home: url,
    };
}
