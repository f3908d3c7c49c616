/** How each kind of event is named and drawn: a missing one does not compile. */

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
import type { Category } from '$bindings/Category';
import { PROVIDERS } from '$lib/providers';

/** How an event presents itself. */
interface KindLook {
    icon: Component;
    title: string;
    /** The title where there is more to say. */
    titled?: (details: ActivityDetails) => string | null;
    /** Whether it may be somebody else's doing and has to stand out. */
    warn?: boolean;
    /** Whether the System Administrator did it. */
    byAdministrator?: boolean;
}

export const KINDS: Record<ActivityKind, KindLook> = {
    account_created: { icon: UserPlus, title: 'Account created' },
    account_disabled: { icon: UserX, title: 'Account disabled', byAdministrator: true },
    account_enabled: { icon: UserCheck, title: 'Account enabled', byAdministrator: true },
    data_exported: { icon: Download, title: 'Data exported' },
    signed_in: { icon: LogIn, title: 'Signed in' },
    signed_in_with_backup_code: {
        icon: KeyRound,
        title: 'Signed in with a backup code',
    },
    wrong_password: { icon: LockKeyhole, title: 'Wrong password', warn: true },
    wrong_second_factor: { icon: ShieldAlert, title: 'Wrong Authentication Code', warn: true },
    second_factor_paused: { icon: ShieldAlert, title: 'Too many wrong codes: signing in was paused', warn: true },
    signed_out: { icon: LogOut, title: 'Signed out' },
    session_closed: {
        icon: MonitorSmartphone,
        title: 'Session closed',
        titled: ({ device }) => (device ? `Session closed: ${device}` : null),
    },
    sessions_closed: {
        icon: MonitorSmartphone,
        title: 'All other sessions closed',
        titled: closedCount,
    },
    sessions_closed_by_administrator: {
        icon: MonitorSmartphone,
        title: 'All sessions closed',
        byAdministrator: true,
    },
    password_changed: { icon: LockKeyhole, title: 'Password changed' },
    password_reset_requested: { icon: Mail, title: 'Code for a forgotten password sent' },
    password_reset: { icon: LockKeyhole, title: 'Forgotten password set anew' },
    password_reset_by_administrator: { icon: LockKeyhole, title: 'Password set anew', byAdministrator: true },
    two_factor_enabled: { icon: ShieldCheck, title: 'Two-factor authentication enabled' },
    two_factor_disabled: { icon: ShieldOff, title: 'Two-factor authentication disabled' },
    two_factor_disabled_by_administrator: {
        icon: ShieldOff,
        title: 'Two-factor authentication disabled',
        byAdministrator: true,
    },
    backup_codes_generated: { icon: KeyRound, title: 'New backup codes generated' },
    backup_code_used: { icon: KeyRound, title: 'Backup code used' },
    api_key_generated: { icon: KeyRound, title: 'Personal API key generated' },
    api_key_revealed: { icon: KeyRound, title: 'Personal API key copied' },
    api_key_created: {
        icon: KeyRound,
        title: 'API key created',
        titled: ({ key }) => (key ? `API key created: ${key}` : null),
    },
    api_key_deleted: {
        icon: KeyRound,
        title: 'API key deleted',
        titled: ({ key }) => (key ? `API key deleted: ${key}` : null),
    },
    ssh_key_added: {
        icon: Terminal,
        title: 'SSH key added',
        titled: ({ key }) => (key ? `SSH key added: ${key}` : null),
    },
    ssh_key_removed: {
        icon: Terminal,
        title: 'SSH key removed',
        titled: ({ key }) => (key ? `SSH key removed: ${key}` : null),
    },
    integration_connected: {
        icon: GitBranch,
        title: 'Source code account connected',
        titled: provider('connected'),
    },
    integration_reconnected: {
        icon: GitBranch,
        title: 'Source code account reconnected',
        titled: provider('reconnected'),
    },
    integration_disconnected: {
        icon: Unplug,
        title: 'Source code account disconnected',
        titled: provider('disconnected'),
    },
    integration_failed: {
        icon: Unplug,
        title: 'A source code connection stopped working',
        titled: provider('connection stopped working'),
        warn: true,
    },
    registry_authorised: {
        icon: Container,
        title: 'Container registry authorised',
        titled: ({ host }) => (host ? `Container registry authorised: ${host}` : null),
    },
    registry_updated: {
        icon: Container,
        title: 'Password for a container registry updated',
        titled: ({ host }) => (host ? `Password updated for ${host}` : null),
    },
    registry_removed: {
        icon: Container,
        title: 'Container registry removed',
        titled: ({ host }) => (host ? `Container registry removed: ${host}` : null),
    },
    registry_failed: {
        icon: Container,
        title: 'A container registry refused the password',
        titled: ({ host }) => (host ? `${host} refused the password` : null),
        warn: true,
    },
    credentials_allowed: { icon: Terminal, title: 'Tools on a computer may read credentials' },
    credentials_refused: { icon: Terminal, title: 'Tools on a computer may not read credentials any more' },
    profile_updated: { icon: User, title: 'Profile updated' },
    email_change_requested: {
        icon: Mail,
        title: 'New email to be confirmed',
        titled: ({ email }) => (email ? `New email to be confirmed: ${email}` : null),
    },
    email_change_cancelled: {
        icon: Mail,
        title: 'Change of email cancelled',
        titled: ({ email }) => (email ? `Change of email cancelled: ${email}` : null),
    },
    email_changed: {
        icon: Mail,
        title: 'Email changed',
        titled: ({ email }) => (email ? `Email changed to ${email}` : null),
    },
    avatar_changed: { icon: Image, title: 'Picture changed' },
    avatar_removed: { icon: ImageOff, title: 'Picture removed' },
    other: { icon: History, title: 'Something this version of Latchkey does not know' },
};

export const CATEGORIES: Record<Category, string> = {
    sign_in: 'Sign-in',
    password: 'Password',
    two_factor: 'Two-factor',
    api_keys: 'API keys',
    ssh_keys: 'SSH keys',
    source_code: 'Source code',
    registries: 'Registries',
    profile: 'Profile',
    account: 'Account',
};

function closedCount({ count }: ActivityDetails): string | null {
    if (!count) return null;
    return count === 1 ? 'One other session closed' : `${count} other sessions closed`;
}

/** `GitHub connected: @maren` */
function provider(what: string): (details: ActivityDetails) => string | null {
    return ({ provider: kind, login }) => {
        if (!kind) return null;
        const { name } = PROVIDERS[kind];
        return login ? `${name} ${what}: @${login}` : `${name} ${what}`;
    };
}
