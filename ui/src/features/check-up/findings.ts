/** What is said of each thing that is looked at: how it stands, why that matters, and where it is put right. */

import type { ApiKey } from '$bindings/ApiKey';
import type { ContainerRegistry } from '$bindings/ContainerRegistry';
import type { Integration } from '$bindings/Integration';
import type { PersonalApiKey } from '$bindings/PersonalApiKey';
import type { Section } from '$bindings/Section';
import type { Session } from '$bindings/Session';
import type { SshKey } from '$bindings/SshKey';
import { isDead as isDeadRegistry } from '$features/registries/registries.svelte';
import { troubleOf as troubleOfRegistry } from '$features/registries/words';
import { isUnknown, title } from '$features/sessions/device';
import { isDead, rowOf } from '$features/source-code/integrations.svelte';
import { troubleOf } from '$features/source-code/words';
import { ago, shortDate } from '$lib/dates';
import { labelOf } from '$lib/providers';
import { words } from '$words/words.svelte';

const DAY = 86_400_000;
/** From so many days on, something has not been used for long. */
const SESSION_DAYS = 14;
const KEY_DAYS = 90;

/** How something stands; `look` and `act` ask for something. */
export type Verdict = 'well' | 'look' | 'act' | 'unknown';

/** One of the things a finding is about, such as a session. */
interface Item {
    id: string;
    name: string;
    text: string;
}

/** Where something is put right. */
export interface Remedy {
    label: string;
    /** The section of the account. */
    section: Section;
    /** Ids of what puts it right there, the best first. */
    at: string[];
    /** Whether new backup codes are made there. */
    generates?: boolean;
}

export interface Finding {
    verdict: Verdict;
    /** What is. */
    title: string;
    /** Why it matters, or that it does not. */
    text: string;
    items: Item[];
    /** Null where nothing is to be opened. */
    remedy: Remedy | null;
}

/** Something that asks for nothing; `page` is what its section is called. */
export function well(title: string, text: string, page: string, section: Section): Finding {
    return { verdict: 'well', title, text, items: [], remedy: { label: words.checkUp.open(page), section, at: [] } };
}

/** Whether something lies longer back than so many days. */
export function isOlder(iso: string, days: number, now: Date): boolean {
    return now.getTime() - Date.parse(iso) > days * DAY;
}

export function ofSessions(sessions: readonly Session[], now: Date): Finding {
    const said = words.checkUp.sessions;
    const page = words.shell.sections.sessions;
    const items = sessions
        .filter((one) => !one.current && (isUnknown(one) || isOlder(one.last_modified_at, SESSION_DAYS, now)))
        .map((one) => ({ id: one.id, name: title(one), text: said.lastUsed(ago(one.last_modified_at, now)) }));
    if (items.length === 0) return well(said.well, said.wellText(sessions.length), page, 'sessions');
    return {
        verdict: 'look',
        title: said.look(items.length),
        text: said.lookText,
        items,
        remedy: { label: said.review, section: 'sessions', at: items.map(({ id }) => `session-${id}`) },
    };
}

interface Used {
    last_used_at: string | null;
}

/** Whether nobody has used a key for long; one that was made in the meantime may yet be. */
function isIdle({ last_used_at }: Used, made: string, now: Date): boolean {
    return isOlder(last_used_at ?? made, KEY_DAYS, now);
}

function sinceUse({ last_used_at }: Used, made: string, now: Date): string {
    const said = words.checkUp.keys;
    return last_used_at === null ? said.neverUsed(shortDate(made)) : said.lastUsed(ago(last_used_at, now));
}

/** The personal key and the named ones. One that has ended opens nothing any more. */
export function ofApiKeys(personal: PersonalApiKey, named: readonly ApiKey[], now: Date): Finding {
    const said = words.checkUp.apiKeys;
    const page = words.shell.sections.apiKeys;
    const alive = named.filter(({ expires_at }) => expires_at === null || new Date(expires_at) > now);
    const made = personal.exists ? personal.created_at : null;
    if (alive.length === 0 && made === null) return well(said.none, said.noneText, page, 'api-keys');
    const items = alive
        .filter((key) => isIdle(key, key.created_at, now))
        .map((key) => ({ id: `delete-${key.id}`, name: key.name, text: sinceUse(key, key.created_at, now) }));
    if (made !== null && isIdle(personal, made, now)) {
        items.push({ id: 'replace-personal-key', name: said.personal, text: sinceUse(personal, made, now) });
    }
    if (items.length === 0) return well(said.well, said.wellText, page, 'api-keys');
    return idle(said.look(items.length), items, 'api-keys');
}

export function ofSshKeys(keys: readonly SshKey[], now: Date): Finding {
    const said = words.checkUp.sshKeys;
    const page = words.shell.sections.sshKeys;
    if (keys.length === 0) return well(said.none, said.noneText, page, 'ssh-keys');
    const items = keys
        .filter((key) => isIdle(key, key.added_at, now))
        .map((key) => ({ id: `remove-${key.id}`, name: key.name, text: sinceUse(key, key.added_at, now) }));
    if (items.length === 0) return well(said.well, said.wellText, page, 'ssh-keys');
    return idle(said.look(items.length), items, 'ssh-keys');
}

/** Keys nobody has used for long; each item has the id of the button that takes it away. */
function idle(title: string, items: Item[], section: Section): Finding {
    const { lookText, review } = words.checkUp.keys;
    const remedy = { label: review, section, at: items.map(({ id }) => id) };
    return { verdict: 'look', title, text: lookText, items, remedy };
}

export function ofIntegrations(all: readonly Integration[], now: Date): Finding {
    const said = words.checkUp.sourceCode;
    const page = words.shell.sections.sourceCode;
    const connected = all.filter((one) => one.connected);
    if (connected.length === 0) return well(said.none, said.noneText, page, 'source-code');
    const dead = connected.filter(isDead);
    if (dead.length === 0) return well(said.well, said.wellText, page, 'source-code');
    return {
        verdict: 'look',
        title: said.look(dead.length),
        text: said.lookText,
        items: dead.map((one) => ({ id: rowOf(one), name: labelOf(one, all), text: troubleOf(one, now) ?? '' })),
        remedy: {
            label: said.mend,
            section: 'source-code',
            // Where the provider was taken away, there is the row alone.
            at: dead.flatMap((one) => [`reconnect-${rowOf(one)}`, `row-${rowOf(one)}`]),
        },
    };
}

export function ofRegistries(all: readonly ContainerRegistry[], now: Date): Finding {
    const said = words.checkUp.registries;
    const page = words.shell.sections.registries;
    if (all.length === 0) return well(said.none, said.noneText, page, 'registries');
    const dead = all.filter(isDeadRegistry);
    if (dead.length === 0) return well(said.well, said.wellText, page, 'registries');
    return {
        verdict: 'look',
        title: said.look(dead.length),
        text: said.lookText,
        items: dead.map((one) => ({ id: one.id, name: one.host, text: troubleOfRegistry(one, now) ?? '' })),
        remedy: { label: said.mend, section: 'registries', at: dead.map(({ id }) => `mend-${id}`) },
    };
}
