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
    const list: Removed[] = [{ icon: User, what: 'Your profile', means: 'name, email, location and bio' }];
    if (avatar) list.push({ icon: Image, what: 'Your picture', means: 'in every size' });
    if (sessions > 0) {
        const means = sessions === 1 ? 'this device is signed out' : 'every device is signed out, this one too';
        list.push({ icon: MonitorSmartphone, what: count(sessions, 'session'), means });
    }
    if (api_keys > 0) {
        list.push({
            icon: KeyRound,
            what: count(api_keys, 'API key'),
            means: `calls made with ${api_keys === 1 ? 'it' : 'them'} fail at once`,
        });
    }
    if (ssh_keys > 0) {
        list.push({
            icon: Terminal,
            what: count(ssh_keys, 'SSH key'),
            means: `${ssh_keys === 1 ? 'it lets' : 'they let'} you in nowhere any more`,
        });
    }
    if (integrations > 0) {
        const theirs = integrations === 1 ? 'its token is' : 'their tokens are';
        list.push({
            icon: GitBranch,
            what: count(integrations, 'source code connection'),
            means: `${theirs} revoked at the provider where that can be done`,
        });
    }
    if (registries > 0) {
        list.push({
            icon: Container,
            what: registries === 1 ? '1 container registry' : `${registries} container registries`,
            means: `${registries === 1 ? 'its password is' : 'their passwords are'} forgotten`,
        });
    }
    if (events > 0) {
        list.push({ icon: History, what: count(events, 'event'), means: 'the activity of your account' });
    }
    if (backup_codes > 0) {
        list.push({ icon: ShieldCheck, what: count(backup_codes, 'backup code'), means: 'they stop working' });
    }
    if (username_held_days > 0) {
        const means = `nobody can take it for ${count(username_held_days, 'day')}, then anybody can`;
        list.push({ icon: AtSign, what: `The username ${username}`, means });
    }
    return list;
}

function count(number: number, unit: string): string {
    return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
