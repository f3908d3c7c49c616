/** The desktop shell in memory: every command and event, no window, no server. For tests and `npm run dev:fake`. */

import type { ChosenPicture } from '$bindings/ChosenPicture';
import type { Commands } from '$bindings/Commands';
import type { Events } from '$bindings/Events';
import type { Failure } from '$bindings/Failure';
import type { FailureCode } from '$bindings/FailureCode';
import type { FieldCode } from '$bindings/FieldCode';
import type { Instance } from '$bindings/Instance';
import type { Phase } from '$bindings/Phase';
import type { Place } from '$bindings/Place';
import type { Profile } from '$bindings/Profile';
import type { ProfileView } from '$bindings/ProfileView';
import type { ServerFound } from '$bindings/ServerFound';
import type { Session } from '$bindings/Session';
import type { View } from '$bindings/View';
import { Refusal, failureOf } from '../src/lib/refusal';
import * as sample from './samples';

type Name = keyof Commands;
type Args<K extends Name> = Commands[K][0];
type Answer<K extends Name> = Commands[K][1];
type Handlers = { [K in Name]: (args: Args<K>) => Answer<K> | Promise<Answer<K>> };
/** What a test may put in the place of a command's answer. */
type Stub<K extends Name> = (args: Args<K>) => Answer<K> | Promise<Answer<K>>;

export interface Call {
    name: Name;
    args: unknown;
}

export function refusal(code: FailureCode, more: Partial<Failure> = {}): Refusal {
    return new Refusal({ ...failureOf(code), ...more });
}

/** A refusal of one field. */
export function badField(field: string, code: FieldCode, detail = ''): Refusal {
    return refusal('invalid_field', { errors: [{ pointer: `/${field}`, code, detail }] });
}

export class FakeHost {
    places: Place[] = [];
    place: Place | null = null;
    instance: Instance | null = null;
    phase: Phase = { name: 'first_run' };
    accounts: View['accounts'] = [];
    keychain: View['keychain'] = { available: true, detail: null };
    profile: Profile = sample.profile();
    version = 1;
    password = 'copper-lantern-tide';
    sessions: Session[] = sample.sessions();
    /** Rows a page of the list of sessions. */
    pageSize = 50;
    servers: ServerFound[] = [sample.northwind];
    /** What the picker, the clipboard and a drop yield. */
    picture: ChosenPicture | null = sample.picture();
    avatar: string | null = null;
    clipboard: string | null = null;
    /** Everything that was asked, in order. */
    calls: Call[] = [];
    /** Milliseconds every answer takes. */
    latency = 0;

    #stubs = new Map<Name, Stub<Name>[]>();
    #listeners = new Map<keyof Events, Set<(payload: never) => void>>();
    #cancelled = false;

    /** Puts an answer in the place of the next one of a command. */
    next<K extends Name>(name: K, stub: Stub<K>): void {
        this.#stubs.set(name, [...(this.#stubs.get(name) ?? []), stub as unknown as Stub<Name>]);
    }

    /** Refuses the next call of a command. */
    refuse(name: Name, failure: Refusal): void {
        this.next(name, () => Promise.reject(failure));
    }

    /** Holds the next call of a command back until the returned function is called. */
    hold(name: Name): () => void {
        let release: () => void = () => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        this.next(name, async (args) => {
            await released;
            return (this.#handlers[name] as Stub<Name>)(args);
        });
        return () => release();
    }

    async call<K extends Name>(name: K, args: Args<K>): Promise<Answer<K>> {
        this.calls.push({ name, args: structuredClone(args) });
        if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
        const stub = this.#stubs.get(name)?.shift() as Stub<K> | undefined;
        return structuredClone(await (stub ?? this.#handlers[name])(args));
    }

    listen<K extends keyof Events>(name: K, heard: (payload: Events[K]) => void): Promise<() => void> {
        const all = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, all.add(heard));
        return Promise.resolve(() => void all.delete(heard as (payload: never) => void));
    }

    emit<K extends keyof Events>(name: K, payload: Events[K]): void {
        for (const heard of this.#listeners.get(name) ?? []) (heard as (payload: Events[K]) => void)(payload);
    }

    /** The arguments of every call of a command. */
    asked<K extends Name>(name: K): Args<K>[] {
        return this.calls.filter((call) => call.name === name).map((call) => call.args as Args<K>);
    }

    view(): View {
        return {
            version: '1.4.0',
            place: this.place,
            instance: this.instance,
            phase: this.phase,
            places: this.places,
            accounts: this.accounts,
            keychain: this.keychain,
        };
    }

    profileView(): ProfileView {
        return { profile: this.profile, etag: `"${this.version}"` };
    }

    /** Goes to a place where nobody is signed in. */
    at(place: Place, phase: Phase = { name: 'signed_out', reason: null, login: null }): this {
        this.place = place;
        this.places = [place, ...this.places.filter(({ id }) => id !== place.id)];
        this.instance = sample.instance(place.name);
        this.phase = phase;
        return this;
    }

    /** Signs the sample person in at a place. */
    signedIn(place: Place = sample.northwindPlace): this {
        this.at(place);
        return this.#enter();
    }

    /** Somebody else changes the profile. */
    changeElsewhere(change: Partial<Profile>): void {
        this.profile = { ...this.profile, ...change };
        this.version += 1;
    }

    #enter(): this {
        if (this.place === null) throw refusal('internal');
        const { place, profile } = this;
        const others = this.accounts.map((account) => ({ ...account, current: false }));
        this.accounts = [
            { place: place.id, place_name: place.name, username: profile.username, name: profile.name, current: true },
            ...others.filter((account) => account.place !== place.id || account.username !== profile.username),
        ];
        this.phase = { name: 'signed_in', profile: this.profileView() };
        return this;
    }

    #write(change: Partial<Profile>): ProfileView {
        this.changeElsewhere(change);
        this.phase = { name: 'signed_in', profile: this.profileView() };
        return this.profileView();
    }

    async #upload(): Promise<ProfileView> {
        this.#cancelled = false;
        const total = 96_000;
        const pause = () => new Promise((resolve) => setTimeout(resolve, this.latency / 4));
        for (let sent = 0; sent <= total; sent += 12_000) {
            this.emit('avatar_progress', { step: 'uploading', sent, total });
            await pause();
            if (this.#stopped()) throw refusal('cancelled');
        }
        this.emit('avatar_progress', { step: 'finishing', sent: total, total });
        await pause();
        this.avatar = this.picture?.preview ?? null;
        return this.#write({ avatar: { ...this.profile.avatar, custom: true } });
    }

    /** Whether somebody cancelled meanwhile. */
    #stopped(): boolean {
        return this.#cancelled;
    }

    readonly #handlers: Handlers = {
        get_view: () => this.view(),
        retry: () => this.view(),
        check_server: ({ address }) => {
            const origin = /^https?:/u.test(address) ? address : `https://${address}`;
            const found = this.servers.find((server) => server.origin === origin.replace(/\/+$/u, ''));
            if (!/^https?:\/\/[\w.:-]+\/*$/u.test(origin)) throw refusal('address_invalid');
            if (!found) throw refusal('offline');
            return found;
        },
        choose_place: ({ id, accept_plain }) => {
            if (id === 'local') return this.at(sample.localPlace).view();
            const known = this.places.find((place) => place.id === id);
            const found = this.servers.find((server) => server.origin === id);
            const place = known ?? (found && sample.placeOf(found));
            if (!place) throw refusal('offline');
            if (place.transport === 'plain' && !accept_plain) throw refusal('address_insecure');
            return this.at(place).view();
        },
        forget_place: ({ id }) => {
            this.places = this.places.filter((place) => place.id !== id);
            this.accounts = this.accounts.filter((account) => account.place !== id);
            if (this.place?.id === id) {
                this.place = this.places[0] ?? null;
                this.phase = this.place ? { name: 'signed_out', reason: null, login: null } : { name: 'first_run' };
            }
            return this.view();
        },
        rate_password: ({ password, identity }) => {
            const like = identity.some((part) => part.length > 2 && password.includes(part));
            return { score: like ? 1 : Math.min(4, Math.floor(new Set(password).size / 3)) };
        },
        create_account: ({ username, email, name, password }) => {
            if (username === 'taken') throw badField('username', 'taken');
            this.profile = { ...sample.profile(), username, email, name, bio: null, location: null };
            this.password = password;
            return this.#enter().view();
        },
        sign_in: ({ login, password }) => {
            const known = login === this.profile.username || login === this.profile.email;
            if (!known || password !== this.password) throw refusal('invalid_credentials');
            return this.#enter().view();
        },
        sign_out: () => {
            this.accounts = this.accounts.filter(({ current }) => !current);
            this.phase = { name: 'signed_out', reason: null, login: this.profile.username };
            return this.view();
        },
        switch_account: ({ place, username }) => {
            const account = this.accounts.find((one) => one.place === place && one.username === username);
            if (!account) throw refusal('not_found');
            this.at(this.places.find(({ id }) => id === place) ?? sample.localPlace);
            this.profile = { ...sample.profile(), id: `id-${username}`, username, name: account.name };
            return this.#enter().view();
        },
        add_account: () => {
            this.accounts = this.accounts.map((account) => ({ ...account, current: false }));
            this.phase = { name: 'signed_out', reason: null, login: null };
            return this.view();
        },
        get_profile: () => this.profileView(),
        update_profile: ({ etag, patch }) => {
            if (etag !== this.profileView().etag) throw refusal('stale');
            if (patch.email === 'taken@example.com') throw badField('email', 'taken');
            return this.#write(patch);
        },
        get_avatar: () => this.avatar,
        choose_picture: () => this.picture,
        paste_picture: () => {
            if (!this.picture) throw refusal('clipboard_empty');
            return this.picture;
        },
        discard_picture: () => null,
        use_picture: () => this.#upload(),
        cancel_upload: () => {
            this.#cancelled = true;
            return null;
        },
        remove_avatar: () => {
            this.avatar = null;
            return this.#write({ avatar: { ...this.profile.avatar, custom: false } });
        },
        list_sessions: ({ after }) => {
            const from = after === undefined ? 0 : Number(after);
            const to = from + this.pageSize;
            return {
                items: this.sessions.slice(from, to),
                next: to < this.sessions.length ? String(to) : null,
            };
        },
        close_session: ({ id }) => {
            if (!this.sessions.some((session) => session.id === id)) throw refusal('not_found');
            this.sessions = this.sessions.filter((session) => session.id !== id);
            return null;
        },
        close_other_sessions: () => {
            const closed = this.sessions.filter(({ current }) => !current).length;
            this.sessions = this.sessions.filter(({ current }) => current);
            return { closed };
        },
        copy_text: ({ text }) => {
            this.clipboard = text;
            return null;
        },
        open_api_documentation: () => null,
    };
}
