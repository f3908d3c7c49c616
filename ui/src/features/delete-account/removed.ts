/** What goes when an account is deleted, in words. */

import type { Component } from 'svelte';
import AtSign from '@lucide/svelte/icons/at-sign';
import Container from '@lucide/svelte/icons/container';
import GitBranch from '@lucide/svelte/icons/git-branch';
import History from '@lucide/svelte/icons/history';
import Image from '@lucide/svelte/icons/image';
import KeyRound from '@lucide/svelte/icons/key-round';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Terminal from '@lucide/svelte/icons/terminal';
import User from '@lucide/svelte/icons/user';
import type { Deletion } from '$bindings/Deletion';
import type { Place } from '$bindings/Place';
import { words } from '$words/words.svelte';

/** One thing that goes. */
interface Removed {
    icon: Component;
    what: string;
    /** What that means. */
    means: string;
}

/** Everything that goes; what there is none of is left out. */
export function removed(deletion: Deletion): Removed[] {
    const { username, avatar, sessions, api_keys, ssh_keys, events, backup_codes, username_held_days } = deletion;
    const { integrations, container_registries: registries } = deletion;
    const { what, means } = words.deleteAccount;
    const list: Removed[] = [{ icon: User, what: what.profile, means: means.profile }];
    if (avatar) list.push({ icon: Image, what: what.picture, means: means.picture });
    if (sessions > 0) {
        list.push({ icon: MonitorSmartphone, what: what.sessions(sessions), means: means.sessions(sessions) });
    }
    if (api_keys > 0) list.push({ icon: KeyRound, what: what.apiKeys(api_keys), means: means.apiKeys(api_keys) });
    if (ssh_keys > 0) list.push({ icon: Terminal, what: what.sshKeys(ssh_keys), means: means.sshKeys(ssh_keys) });
    if (integrations > 0) {
        list.push({
            icon: GitBranch,
            what: what.integrations(integrations),
            means: means.integrations(integrations),
        });
    }
    if (registries > 0) {
        list.push({ icon: Container, what: what.registries(registries), means: means.registries(registries) });
    }
    if (events > 0) list.push({ icon: History, what: what.events(events), means: means.events });
    if (backup_codes > 0) {
        list.push({
            icon: ShieldCheck,
            what: what.backupCodes(backup_codes),
            means: means.backupCodes(backup_codes),
        });
    }
    if (username_held_days > 0) {
        list.push({ icon: AtSign, what: what.username(username), means: means.username(username_held_days) });
    }
    return list;
}

/** Those of some words that fit where the account is. */
export function fitting(
    place: Place | null | undefined,
    said: { onThisComputer: string; onServer: string; at: (place: string) => string },
): string {
    if (!place) return said.onServer;
    return place.transport === 'local' ? said.onThisComputer : said.at(place.name);
}
