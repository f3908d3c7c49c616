/** The documentation of the API, cut short. */

import type { ApiDocumentation } from '$bindings/ApiDocumentation';
import type { DocumentedEndpoint } from '$bindings/DocumentedEndpoint';
import type { DocumentedField } from '$bindings/DocumentedField';
import type { FakeHost } from '../fake-host';
import { refusal, type Handlers } from './answers';

type Part = Pick<Handlers, 'get_api_documentation' | 'open_api_documentation'>;

export function documentationHandlers(host: FakeHost): Part {
    const here = () => (host.place?.transport === 'local' ? host.restApi.url : (host.place?.id ?? null));
    return {
        get_api_documentation: () => documentation(here()),
        open_api_documentation: () => {
            if (here() === null) throw refusal('not_found');
            return null;
        },
    };
}

function field(name: string, kind: string, about: string, more: Partial<DocumentedField> = {}): DocumentedField {
    return { name, kind, about, type_name: null, required: true, ...more };
}

const unauthenticated = { status: 401, code: 'unauthenticated', title: 'Sign in first' };
const stale = { status: 412, code: 'stale', title: 'It was changed meanwhile' };
const avatar = field('avatar', 'AvatarLink', 'The avatar.', { type_name: 'AvatarLink' });
const profile = {
    media_types: ['application/json'],
    type_name: 'Profile',
    fields: [field('username', 'string', 'The name to sign in with.'), avatar],
};

function endpoints(origin: string): { profile: DocumentedEndpoint[]; keys: DocumentedEndpoint[] } {
    const shared = { parameters: [], body: null, proof: null, errors: [unauthenticated] };
    return {
        profile: [
            {
                ...shared,
                id: 'get_profile',
                method: 'GET',
                path: '/v1/me',
                summary: 'Read the profile',
                auth: 'session_or_key',
                notes: ['A named key with the scope `api` will do.'],
                answer: profile,
                example: {
                    request: { method: 'GET', target: '/v1/me', headers: [], body: [] },
                    response: { status: 200, headers: [['ETag', '"1-a"']], body: ['{', '  "username": "ada"', '}'] },
                },
                curl: `curl '${origin}/v1/me' \\\n  -H "Authorization: Bearer $LATCHKEY_KEY"`,
            },
            {
                ...shared,
                id: 'update_profile',
                method: 'PATCH',
                path: '/v1/me',
                summary: 'Change the profile',
                auth: 'session_or_key',
                notes: [],
                parameters: [{ ...field('if-match', 'string', 'The `ETag` that was read'), place: 'header' }],
                body: { ...profile, fields: [field('bio', 'string or null', 'A biography.', { required: false })] },
                answer: profile,
                example: null,
                errors: [unauthenticated, stale],
                curl: `curl -X PATCH '${origin}/v1/me'`,
            },
        ],
        keys: [
            {
                ...shared,
                id: 'create_api_key',
                method: 'POST',
                path: '/v1/me/api-keys',
                summary: 'Create a named API key',
                auth: 'session',
                proof: { password: true, second_factor: true, max_age: 300 },
                notes: [],
                answer: null,
                example: null,
                curl: `curl -X POST '${origin}/v1/me/api-keys'`,
            },
            {
                ...shared,
                id: 'get_avatar',
                method: 'GET',
                path: '/v1/users/{username}/avatar',
                summary: 'Read an avatar',
                auth: 'nobody',
                notes: [],
                answer: { media_types: ['image/jpeg'], type_name: null, fields: [] },
                example: null,
                curl: `curl '${origin}/v1/users/ada/avatar'`,
            },
        ],
    };
}

function documentation(origin: string | null): ApiDocumentation {
    const server = origin ?? 'https://accounts.example.org';
    const { profile: own, keys } = endpoints(server);
    return {
        origin: server,
        placeholder: origin === null,
        guide: [
            {
                id: 'authentication',
                title: 'Your key',
                passages: [
                    { kind: 'prose', text: 'The lines take the key from `LATCHKEY_KEY`.' },
                    { kind: 'code', text: "export LATCHKEY_KEY='lk_…'" },
                ],
            },
        ],
        areas: [
            { id: 'profile', title: 'Profile', endpoints: own },
            { id: 'api-keys', title: 'API keys', endpoints: keys },
        ],
        types: [
            {
                name: 'AvatarLink',
                about: 'Where the avatar is.',
                kind: 'object',
                fields: [field('url', 'string', 'Path on this service.')],
            },
            { name: 'Scope', about: 'What a key may be used for.', kind: '`api`, `registry`', fields: [] },
        ],
        codes: [unauthenticated, stale],
    };
}
