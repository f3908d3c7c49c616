/** The desktop shell in memory: every command and event, no window, no server. For tests and `npm run dev:fake`. */

import type { AccountArgs } from '$bindings/AccountArgs';
import type { Activity } from '$bindings/Activity';
import type { ApiKey } from '$bindings/ApiKey';
import type { AppSettings } from '$bindings/AppSettings';
import type { Arrival } from '$bindings/Arrival';
import type { ChosenPicture } from '$bindings/ChosenPicture';
import type { Events } from '$bindings/Events';
import type { Instance } from '$bindings/Instance';
import type { Method } from '$bindings/Method';
import type { Page } from '$bindings/Page';
import type { PersonalApiKey } from '$bindings/PersonalApiKey';
import type { Phase } from '$bindings/Phase';
import type { Place } from '$bindings/Place';
import type { Profile } from '$bindings/Profile';
import type { ProfileView } from '$bindings/ProfileView';
import type { Request } from '$bindings/Request';
import type { RestApi } from '$bindings/RestApi';
import type { ServerFound } from '$bindings/ServerFound';
import type { Session } from '$bindings/Session';
import type { Snapshot } from '$bindings/Snapshot';
import type { SshKeyView } from '$bindings/SshKeyView';
import type { View } from '$bindings/View';
import type { Refusal } from '../src/lib/refusal';
import { refusal, type Answer, type Args, type Handlers, type Name } from './fake/answers';
import { FakeConnections } from './fake/connections';
import { documentationHandlers } from './fake/documentation';
import { entryHandlers } from './fake/entry';
import { keyHandlers } from './fake/keys';
import { needsServer } from './fake/offline';
import { profileHandlers } from './fake/profile';
import { registryHandlers } from './fake/registries';
import { securityHandlers } from './fake/security';
import { sourceCodeHandlers } from './fake/source-code';
import { twoFactorHandlers } from './fake/two-factor';
import * as sampleKeys from './sample-keys';
import * as sample from './samples';

export { badField, refusal } from './fake/answers';

/** What a test may put in the place of a command's answer. */
type Stub<K extends Name> = (args: Args<K>) => Answer<K> | Promise<Answer<K>>;

export interface Call {
    name: Name;
    args: unknown;
}

/** What works while an account still has to set two-factor authentication up. */
const DURING_SETUP: ReadonlySet<Name> = new Set<Name>([
    'show_window',
    'get_view',
    'get_profile',
    'get_avatar',
    'reauthenticate',
    'get_two_factor',
    'start_two_factor',
    'get_expected_code',
    'verify_two_factor',
    'save_backup_codes',
    'print_page',
    'copy_secret',
    'copy_text',
    'sign_out',
    'switch_account',
    'add_account',
    'choose_place',
    'use_words',
    'take_request',
    'press_close',
    'quit',
    'get_app_settings',
    'set_app_setting',
]);

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
    passwordChangedAt = '2026-03-08T09:12:00Z';
    sessions: Session[] = sample.sessions();
    activity: Activity[] = sample.activity();
    /** Rows a page of a list. */
    pageSize = 50;
    servers: ServerFound[] = [sample.northwind];
    /** Whether the places send mail; read when one is gone to. */
    mail = false;
    /** The code in the mail, for a new address or a forgotten password. */
    mailedCode = 'rowan-4711';
    /** What has to be proved before something that asks for it. */
    stale: Method[] = [];
    /** The code of the authenticator app that is right. */
    totp = '123456';
    /** By how many seconds a wrong code's clock is ahead; null where the clock is not why. */
    clockOffset: number | null = null;
    /** Seconds the code of the authenticator app is shown for still. */
    codeLasts = 20;
    /** By how many seconds this computer's clock is ahead of the server's; null where they are one. */
    clockAhead: number | null = 0;
    backupCodes: string[] = [];
    /** Those of the same set that were used. */
    usedBackupCodes: string[] = [];
    twoFactorSince = '2026-02-03T10:00:00Z';
    backupCodesSince = '2026-02-03T10:00:00Z';
    /** Where the save dialog puts files; null cancels it. */
    folder: string | null = 'Documents';
    /** The backup codes that were written to a file last. */
    file: string | null = null;
    /** What the picker, the clipboard and a drop yield. */
    picture: ChosenPicture | null = sample.picture();
    avatar: string | null = null;
    clipboard: string | null = null;
    /** What was asked for before the page listened. */
    request: Request | null = null;
    appSettings: AppSettings = {
        tray: { on: false, blocked: null },
        start_at_login: { on: false, blocked: null },
        notifications: { on: true, blocked: null },
    };
    /** Whether the window was closed. */
    closed = false;
    personalKey: PersonalApiKey = sampleKeys.personalKey();
    /** Whether the keychain holds the personal key: copying it asks for no proof then. */
    keyInKeychain = true;
    apiKeys: ApiKey[] = sampleKeys.apiKeys();
    sshKeys: SshKeyView[] = sampleKeys.sshKeys();
    /** The text of the public key that the picker yields; null cancels it. */
    keyFile: string | null = sampleKeys.PUBLIC_KEY;
    restApi: RestApi = { enabled: false, port: null, url: null, failure: null };
    /** Ports that other programs hold. */
    takenPorts: number[] = [];
    connections = new FakeConnections();
    /** Everything that was asked, in order. */
    calls: Call[] = [];
    /** Milliseconds every answer takes. */
    latency = 0;
    /** Whether the server answers. */
    reachable = true;

    #stubs = new Map<Name, Stub<Name>[]>();
    #listeners = new Map<keyof Events, Set<(payload: never) => void>>();
    readonly #handlers: Handlers = {
        ...documentationHandlers(this),
        ...entryHandlers(this),
        ...keyHandlers(this),
        ...profileHandlers(this),
        ...registryHandlers(this),
        ...securityHandlers(this),
        ...sourceCodeHandlers(this),
        ...twoFactorHandlers(this),
    };

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
        if (!stub && needsServer(name)) {
            if (!this.reachable) throw refusal('offline');
            this.#comeBack();
        }
        if (!stub) this.#mindPolicy(name);
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

    /** The sample person was signed in before; now the server does not answer. */
    offline(saved: Snapshot): this {
        this.signedIn();
        if (this.phase.name === 'signed_in') this.phase = { ...this.phase, saved };
        this.reachable = false;
        return this;
    }

    /** Goes to a place where nobody is signed in. */
    at(place: Place, phase: Phase = { name: 'signed_out', reason: null, login: null }): this {
        this.place = place;
        this.places = [place, ...this.places.filter(({ id }) => id !== place.id)];
        this.instance = { ...sample.instance(place.name), mail: this.mail };
        this.phase = phase;
        return this;
    }

    /** Signs the sample person in at a place. */
    signedIn(place: Place = sample.northwindPlace): this {
        return this.at(place).enter();
    }

    /** Gives the sample person two-factor authentication with so many backup codes left. */
    withTwoFactor(remaining = 10): this {
        this.profile = { ...this.profile, two_factor_enabled: true };
        this.backupCodes = sample.backupCodes(0).slice(0, remaining);
        if (this.phase.name === 'signed_in') this.phase = { ...this.phase, profile: this.profileView() };
        return this;
    }

    /** The System Administrator demands two-factor authentication of everybody. */
    requireTwoFactor(): this {
        if (this.instance) this.instance = { ...this.instance, two_factor: 'required' };
        return this;
    }

    /** Somebody else changes the profile. */
    changeElsewhere(change: Partial<Profile>): void {
        this.profile = { ...this.profile, ...change };
        this.version += 1;
    }

    /** The person is in. */
    enter(arrival: Arrival | null = null): this {
        if (this.place === null) throw refusal('internal');
        const { place, profile } = this;
        const others = this.accounts.map((account) => ({ ...account, current: false }));
        this.accounts = [
            { place: place.id, place_name: place.name, username: profile.username, name: profile.name, current: true },
            ...others.filter((account) => account.place !== place.id || account.username !== profile.username),
        ];
        this.phase = { name: 'signed_in', profile: this.profileView(), arrival, saved: null };
        return this;
    }

    /** The person changes the profile. */
    write(change: Partial<Profile>): ProfileView {
        this.changeElsewhere(change);
        if (this.phase.name === 'signed_in') this.phase = { ...this.phase, profile: this.profileView() };
        return this.profileView();
    }

    /** Refuses what asks for a proof that is too old. */
    needFresh(): void {
        const methods = this.stale.filter((method) => method !== 'totp' || this.profile.two_factor_enabled);
        if (methods.length > 0) throw refusal('insufficient_user_authentication', { methods });
    }

    /** Refuses what is asked for an account that is not signed in on this computer. */
    mindAccount({ place, username }: AccountArgs): void {
        const known = this.accounts.some((account) => account.place === place && account.username === username);
        if (!known) throw refusal('unauthenticated');
    }

    /** Refuses a wrong second factor; a backup code is spent. */
    proveSecondFactor(code: string | undefined, backupCode: string | undefined): void {
        const wrong = (more = {}) => refusal('invalid_code', { server_time: new Date().toISOString(), ...more });
        if (backupCode === undefined) {
            if (code !== this.totp) throw wrong({ clock_offset: this.clockOffset });
            return;
        }
        const given = backupCode.replace(/[\s-]/gu, '').toLowerCase();
        if (!this.backupCodes.some((one) => one.replace('-', '') === given)) throw wrong();
        const used = (one: string) => one.replace('-', '') === given;
        this.usedBackupCodes = [...this.usedBackupCodes, ...this.backupCodes.filter(used)];
        this.backupCodes = this.backupCodes.filter((one) => !used(one));
    }

    /** A page of a list. */
    page<T>(rows: T[], after: string | undefined): Page<T> {
        const from = after === undefined ? 0 : Number(after);
        const to = from + this.pageSize;
        return { items: rows.slice(from, to), next: to < rows.length ? String(to) : null };
    }

    #comeBack(): void {
        if (this.phase.name !== 'signed_in' || this.phase.saved === null) return;
        this.phase = { ...this.phase, profile: this.profileView(), saved: null };
    }

    #mindPolicy(name: Name): void {
        const pending = this.instance?.two_factor === 'required' && !this.profile.two_factor_enabled;
        if (pending && this.phase.name === 'signed_in' && !DURING_SETUP.has(name)) {
            throw refusal('two_factor_setup_required');
        }
    }
}
