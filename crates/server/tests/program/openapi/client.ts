// What somebody writes who has nothing but the document: the types in schema.d.ts are generated from it, and the
// compiler holds this file against them. The lines under `@ts-expect-error` must not compile.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.js';

const baseUrl = process.argv[2];
assert(baseUrl, 'the address of the service is the first argument');

const PASSWORD = 'korrektes Pferd Batterie Klammer';
const stranger = createClient<paths>({ baseUrl });

const instance = await stranger.GET('/v1/instance');
assert.equal(instance.data?.sign_up, 'open');

// An account, and what is wrong with another one.
const account = { username: 'ada', email: 'ada@example.org', name: 'Ada', password: PASSWORD };
const created = await stranger.POST('/v1/accounts', { body: account });
assert.equal(created.response.status, 201);
assert.equal(created.data?.location, null);

const weak = await stranger.POST('/v1/accounts', { body: { ...account, username: '-', password: 'password1234' } });
assert.equal(problem(weak.error, weak.response).code, 'invalid_field');
const found = weak.error?.errors?.map(({ pointer, code }) => `${pointer} ${code}`);
assert.deepEqual(found, ['/username invalid', '/password common']);

// @ts-expect-error: an account has a password.
const incomplete = await stranger.POST('/v1/accounts', { body: { username: 'eve', email: 'eve@example.org', name: 'E' } });
assert.deepEqual(incomplete.error?.errors?.[0]?.code, 'missing');

// Signing in.
const wrong = await stranger.POST('/v1/sessions', { body: { login: 'ada', password: 'wrong' } });
assert.equal(problem(wrong.error, wrong.response).code, 'invalid_credentials');
assert.match(wrong.response.headers.get('WWW-Authenticate') ?? '', /^Bearer/);
const signedIn = await stranger.POST('/v1/sessions', {
    body: { login: 'ada', password: PASSWORD, client: { name: 'Test', operating_system: 'Linux' } },
});
assert(signedIn.data);
const ada = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${signedIn.data.token}` } });

// Reading and editing the profile.
const read = await ada.GET('/v1/me');
assert(read.data);
assert.deepEqual(read.data, signedIn.data.profile);
const etag = read.response.headers.get('ETag');
assert(etag);
const again = await ada.GET('/v1/me', { params: { header: { 'If-None-Match': etag } } });
assert.equal(again.response.status, 304);

const patch: components['schemas']['ProfilePatch'] = { name: 'Ada Lovelace', location: 'London' };
const edited = await ada.PATCH('/v1/me', { params: { header: { 'If-Match': etag } }, body: patch });
assert(edited.data);
assert.deepEqual([edited.data.name, edited.data.location, edited.data.bio], ['Ada Lovelace', 'London', null]);

const stale = await ada.PATCH('/v1/me', { params: { header: { 'If-Match': etag } }, body: { bio: 'First' } });
assert.equal(problem(stale.error, stale.response).code, 'stale');

// @ts-expect-error: a change says what it was made on.
const blind = await ada.PATCH('/v1/me', { body: { bio: 'First' } });
assert.equal(blind.error?.code, 'precondition_required');

// @ts-expect-error: there is no such field.
const odd: components['schemas']['ProfilePatch'] = { nickname: 'A' };
const unknown = await ada.PATCH('/v1/me', { params: { header: { 'If-Match': '*' } }, body: odd });
assert.deepEqual(unknown.error?.errors, [
    { pointer: '/nickname', code: 'unknown_field', detail: 'There is no such field.' },
]);

// A list, and signing out.
const sessions = await ada.GET('/v1/me/sessions', { params: { query: { limit: 1 } } });
assert.deepEqual([sessions.data?.items[0]?.browser, sessions.data?.next], ['Test', null]);
const out = await ada.DELETE('/v1/me/sessions/{id}', { params: { path: { id: 'current' } } });
assert.equal(out.response.status, 204);
const after = await ada.GET('/v1/me');
assert.equal(problem(after.error, after.response).code, 'session_closed');

/** The problem of an answer, which says the same as its status line and can be quoted. */
function problem(error: components['schemas']['Problem'] | undefined, response: Response) {
    assert(error, `${response.url} answered ${response.status}`);
    assert.equal(error.status, response.status);
    assert.equal(error.request_id, response.headers.get('X-Request-Id'));
    assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
    return error;
}
