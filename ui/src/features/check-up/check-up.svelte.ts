import type { Component } from 'svelte';
import Container from '@lucide/svelte/icons/container';
import Gauge from '@lucide/svelte/icons/gauge';
import GitBranch from '@lucide/svelte/icons/git-branch';
import KeyRound from '@lucide/svelte/icons/key-round';
import LifeBuoy from '@lucide/svelte/icons/life-buoy';
import LockKeyhole from '@lucide/svelte/icons/lock-keyhole';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Terminal from '@lucide/svelte/icons/terminal';
import type { Failure } from '$bindings/Failure';
import type { PasswordRules } from '$bindings/PasswordRules';
import type { ApiKeys } from '$features/api-keys/api-keys.svelte';
import type { Registries } from '$features/registries/registries.svelte';
import type { SessionList } from '$features/sessions/session-list.svelte';
import type { Integrations } from '$features/source-code/integrations.svelte';
import type { SshKeys } from '$features/ssh-keys/ssh-keys.svelte';
import { asRefusal } from '$lib/refusal';
import type { Security } from '$lib/security.svelte';
import type { Session } from '$lib/session.svelte';
import { words } from '$words/words.svelte';
import { ofApiKeys, ofIntegrations, ofRegistries, ofSessions, ofSshKeys, type Finding } from './findings';
import { ofBackupCodes, ofPasswordAge, ofPasswordStrength, ofTwoFactor, type Rated } from './sign-in-findings';

type CheckId = keyof typeof words.checkUp.checks;

/** One of the things that are looked at. */
export interface Check {
    id: CheckId;
    group: keyof typeof words.checkUp.groups;
    icon: Component;
    /** Null until it was looked at. */
    finding: Finding | null;
    /** Why it could not be looked at. */
    failure: Failure | null;
    /** Looks at it again. */
    load: () => Promise<void>;
}

/** Where things are known from. */
export interface Sources {
    session: Session;
    security: Security;
    sessions: SessionList;
    apiKeys: ApiKeys;
    sshKeys: SshKeys;
    integrations: Integrations;
    registries: Registries;
}

/** How the account stands. Each thing is read for itself, all at the same time: what fails says so and holds nothing up. */
export class CheckUp {
    /** Whether everything is being looked at, as it is to begin with. */
    busy = $state(true);
    /** The password that was rated here; kept no longer than the page is open. */
    rated = $state.raw<Rated | null>(null);

    #looking: Promise<void> | null = null;
    #now = $state.raw(new Date());
    #changedAt = $state.raw<string | null>(null);
    #passwordFailure = $state.raw<Failure | null>(null);
    readonly #from: Sources;

    constructor(from: Sources) {
        this.#from = from;
    }

    /** Looks at everything. Whoever asks meanwhile waits for the same. */
    load(): Promise<void> {
        this.#looking ??= this.#look().finally(() => {
            this.#looking = null;
            this.busy = false;
        });
        return this.#looking;
    }

    async #look(): Promise<void> {
        this.busy = true;
        this.#now = new Date();
        // Two of them are known from one answer.
        await Promise.all([...new Set(this.checks.map(({ load }) => load))].map((load) => load()));
    }

    /** In the order of the page. */
    get checks(): Check[] {
        const { security, sessions, apiKeys, sshKeys, integrations, registries } = this.#from;
        const { twoFactor } = security;
        const now = this.#now;
        const personal = apiKeys.personal.view?.key ?? null;
        const checks: Check[] = [
            {
                id: 'passwordAge',
                group: 'signIn',
                icon: LockKeyhole,
                finding: this.#changedAt === null ? null : ofPasswordAge(this.#changedAt, now),
                failure: this.#passwordFailure,
                load: this.#loadPassword,
            },
            {
                id: 'passwordStrength',
                group: 'signIn',
                icon: Gauge,
                finding: ofPasswordStrength(this.rated, this.rules),
                failure: null,
                load: nothing,
            },
            {
                id: 'twoFactor',
                group: 'signIn',
                icon: ShieldCheck,
                finding: twoFactor && ofTwoFactor(twoFactor),
                failure: security.failure,
                load: this.#loadSecurity,
            },
            {
                id: 'backupCodes',
                group: 'signIn',
                icon: LifeBuoy,
                finding: twoFactor && ofBackupCodes(twoFactor),
                failure: security.failure,
                load: this.#loadSecurity,
            },
            {
                id: 'sessions',
                group: 'access',
                icon: MonitorSmartphone,
                finding: sessions.items && ofSessions(sessions.items, now),
                failure: sessions.failure,
                load: this.#loadSessions,
            },
            {
                id: 'apiKeys',
                group: 'access',
                icon: KeyRound,
                finding: apiKeys.shown && personal && ofApiKeys(personal, apiKeys.shown, now),
                failure: apiKeys.named.failure ?? apiKeys.personal.failure,
                load: this.#loadApiKeys,
            },
            {
                id: 'sshKeys',
                group: 'access',
                icon: Terminal,
                finding:
                    sshKeys.shown &&
                    ofSshKeys(
                        sshKeys.shown.map(({ key }) => key),
                        now,
                    ),
                failure: sshKeys.list.failure,
                load: this.#loadSshKeys,
            },
            {
                id: 'sourceCode',
                group: 'connections',
                icon: GitBranch,
                finding: integrations.list.items && ofIntegrations(integrations.list.items, now),
                failure: integrations.list.failure,
                load: this.#loadIntegrations,
            },
            {
                id: 'registries',
                group: 'connections',
                icon: Container,
                finding: registries.shown && ofRegistries(registries.shown, now),
                failure: registries.list.failure,
                load: this.#loadRegistries,
            },
        ];
        // Without a second factor there is nothing its backup codes could stand in for.
        return checks.filter(({ id }) => id !== 'backupCodes' || twoFactor?.enabled !== false);
    }

    /** What the service asks of passwords. */
    get rules(): PasswordRules {
        return this.#from.session.view?.instance?.password ?? { min_length: 12, min_score: 3 };
    }

    readonly #loadPassword = async () => {
        try {
            this.#changedAt = (await this.#from.session.ask('get_password_status', {})).changed_at;
            this.#passwordFailure = null;
        } catch (cause) {
            this.#passwordFailure = asRefusal(cause);
        }
    };
    readonly #loadSecurity = () => this.#from.security.load();
    readonly #loadSessions = () => this.#from.sessions.loadAll();
    readonly #loadApiKeys = async () => {
        const { named, personal } = this.#from.apiKeys;
        await Promise.all([named.loadAll(), personal.load()]);
    };
    readonly #loadSshKeys = () => this.#from.sshKeys.list.loadAll();
    readonly #loadIntegrations = () => this.#from.integrations.list.load();
    readonly #loadRegistries = () => this.#from.registries.list.loadAll();
}

async function nothing(): Promise<void> {}
