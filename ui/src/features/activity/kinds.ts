/** How each kind of event is drawn, and what more is said of it: a missing one does not compile. */

import type { Component } from 'svelte';
import Container from '@lucide/svelte/icons/container';
import Download from '@lucide/svelte/icons/download';
import GitBranch from '@lucide/svelte/icons/git-branch';
import History from '@lucide/svelte/icons/history';
import Image from '@lucide/svelte/icons/image';
import ImageOff from '@lucide/svelte/icons/image-off';
import KeyRound from '@lucide/svelte/icons/key-round';
import LockKeyhole from '@lucide/svelte/icons/lock-keyhole';
import LogIn from '@lucide/svelte/icons/log-in';
import LogOut from '@lucide/svelte/icons/log-out';
import Mail from '@lucide/svelte/icons/mail';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShieldOff from '@lucide/svelte/icons/shield-off';
import Terminal from '@lucide/svelte/icons/terminal';
import Unplug from '@lucide/svelte/icons/unplug';
import User from '@lucide/svelte/icons/user';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserPlus from '@lucide/svelte/icons/user-plus';
import UserX from '@lucide/svelte/icons/user-x';
import type { ActivityDetails } from '$bindings/ActivityDetails';
import type { ActivityKind } from '$bindings/ActivityKind';
import { PROVIDERS } from '$lib/providers';
import { words } from '$words/words.svelte';

/** How an event presents itself. */
interface KindLook {
    icon: Component;
    /** The title where more is known than that it happened. */
    titled?: (details: ActivityDetails) => string | null;
    /** Whether it may be somebody else's doing and has to stand out. */
    warn?: boolean;
    /** Whether the System Administrator did it. */
    byAdministrator?: boolean;
}

export const KINDS: Record<ActivityKind, KindLook> = {
    account_created: { icon: UserPlus },
    account_disabled: { icon: UserX, byAdministrator: true },
    account_enabled: { icon: UserCheck, byAdministrator: true },
    data_exported: { icon: Download },
    signed_in: { icon: LogIn },
    signed_in_with_backup_code: { icon: KeyRound },
    wrong_password: { icon: LockKeyhole, warn: true },
    wrong_second_factor: { icon: ShieldAlert, warn: true },
    second_factor_paused: { icon: ShieldAlert, warn: true },
    signed_out: { icon: LogOut },
    session_closed: {
        icon: MonitorSmartphone,
        titled: ({ device }) => (device ? words.activity.known.session_closed(device) : null),
    },
    sessions_closed: {
        icon: MonitorSmartphone,
        titled: ({ count }) => (count ? words.activity.known.sessions_closed(count) : null),
    },
    sessions_closed_by_administrator: { icon: MonitorSmartphone, byAdministrator: true },
    password_changed: { icon: LockKeyhole },
    password_reset_requested: { icon: Mail },
    password_reset: { icon: LockKeyhole },
    password_reset_by_administrator: { icon: LockKeyhole, byAdministrator: true },
    two_factor_enabled: { icon: ShieldCheck },
    two_factor_disabled: { icon: ShieldOff },
    two_factor_disabled_by_administrator: { icon: ShieldOff, byAdministrator: true },
    backup_codes_generated: { icon: KeyRound },
    backup_code_used: { icon: KeyRound },
    api_key_generated: { icon: KeyRound },
    api_key_revealed: { icon: KeyRound },
    api_key_created: { icon: KeyRound, titled: ({ key }) => (key ? words.activity.known.api_key_created(key) : null) },
    api_key_deleted: { icon: KeyRound, titled: ({ key }) => (key ? words.activity.known.api_key_deleted(key) : null) },
    ssh_key_added: { icon: Terminal, titled: ({ key }) => (key ? words.activity.known.ssh_key_added(key) : null) },
    ssh_key_removed: { icon: Terminal, titled: ({ key }) => (key ? words.activity.known.ssh_key_removed(key) : null) },
    integration_connected: { icon: GitBranch, titled: provider('integration_connected') },
    integration_reconnected: { icon: GitBranch, titled: provider('integration_reconnected') },
    integration_disconnected: { icon: Unplug, titled: provider('integration_disconnected') },
    integration_failed: { icon: Unplug, titled: provider('integration_failed'), warn: true },
    registry_authorised: {
        icon: Container,
        titled: ({ host }) => (host ? words.activity.known.registry_authorised(host) : null),
    },
    registry_updated: {
        icon: Container,
        titled: ({ host }) => (host ? words.activity.known.registry_updated(host) : null),
    },
    registry_removed: {
        icon: Container,
        titled: ({ host }) => (host ? words.activity.known.registry_removed(host) : null),
    },
    registry_failed: {
        icon: Container,
        titled: ({ host }) => (host ? words.activity.known.registry_failed(host) : null),
        warn: true,
    },
    credentials_allowed: { icon: Terminal },
    credentials_refused: { icon: Terminal },
    profile_updated: { icon: User },
    email_change_requested: {
        icon: Mail,
        titled: ({ email }) => (email ? words.activity.known.email_change_requested(email) : null),
    },
    email_change_cancelled: {
        icon: Mail,
        titled: ({ email }) => (email ? words.activity.known.email_change_cancelled(email) : null),
    },
    email_changed: { icon: Mail, titled: ({ email }) => (email ? words.activity.known.email_changed(email) : null) },
    avatar_changed: { icon: Image },
    avatar_removed: { icon: ImageOff },
    other: { icon: History },
};

/** `GitHub connected: @maren` */
function provider(what: ActivityKind & `integration_${string}`): (details: ActivityDetails) => string | null {
    return ({ provider: kind, login }) => {
        if (!kind) return null;
        const { name } = PROVIDERS[kind];
        const said = words.activity.known;
        return login ? said[`${what}_as`](name, login) : said[what](name);
    };
}
