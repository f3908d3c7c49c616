import type { ActivityKind } from '$bindings/ActivityKind';
import type { Category } from '$bindings/Category';
import { grammar } from './grammar';

const { plural, number } = grammar;

const kinds = {
    account_created: 'Account created',
    account_disabled: 'Account disabled',
    account_enabled: 'Account enabled',
    data_exported: 'Data exported',
    signed_in: 'Signed in',
    signed_in_with_backup_code: 'Signed in with a backup code',
    wrong_password: 'Wrong password',
    wrong_second_factor: 'Wrong Authentication Code',
    second_factor_paused: 'Too many wrong codes: signing in was paused',
    signed_out: 'Signed out',
    session_closed: 'Session closed',
    sessions_closed: 'All other sessions closed',
    sessions_closed_by_administrator: 'All sessions closed',
    password_changed: 'Password changed',
    password_reset_requested: 'Code for a forgotten password sent',
    password_reset: 'Forgotten password set anew',
    password_reset_by_administrator: 'Password set anew',
    two_factor_enabled: 'Two-factor authentication enabled',
    two_factor_disabled: 'Two-factor authentication disabled',
    two_factor_disabled_by_administrator: 'Two-factor authentication disabled',
    backup_codes_generated: 'New backup codes generated',
    backup_code_used: 'Backup code used',
    api_key_generated: 'Personal API key generated',
    api_key_revealed: 'Personal API key copied',
    api_key_created: 'API key created',
    api_key_deleted: 'API key deleted',
    ssh_key_added: 'SSH key added',
    ssh_key_removed: 'SSH key removed',
    integration_connected: 'Source code account connected',
    integration_reconnected: 'Source code account reconnected',
    integration_disconnected: 'Source code account disconnected',
    integration_failed: 'A source code connection stopped working',
    registry_authorised: 'Container registry authorised',
    registry_updated: 'Password for a container registry updated',
    registry_removed: 'Container registry removed',
    registry_failed: 'A container registry refused the password',
    credentials_allowed: 'Tools on a computer may read credentials',
    credentials_refused: 'Tools on a computer may not read credentials any more',
    profile_updated: 'Profile updated',
    email_change_requested: 'New email to be confirmed',
    email_change_cancelled: 'Change of email cancelled',
    email_changed: 'Email changed',
    avatar_changed: 'Picture changed',
    avatar_removed: 'Picture removed',
    other: 'Something this version of Latchkey does not know',
} satisfies Record<ActivityKind, string>;

/** Events of which more is known: a device, a name, an address, a host, or a provider and the person's name there. */
const known = {
    session_closed: (device: string) => `Session closed: ${device}`,
    sessions_closed: (sessions: number) =>
        plural(sessions, { one: 'One other session closed', other: `${number(sessions)} other sessions closed` }),
    api_key_created: (key: string) => `API key created: ${key}`,
    api_key_deleted: (key: string) => `API key deleted: ${key}`,
    ssh_key_added: (key: string) => `SSH key added: ${key}`,
    ssh_key_removed: (key: string) => `SSH key removed: ${key}`,
    integration_connected: (provider: string) => `${provider} connected`,
    integration_connected_as: (provider: string, login: string) => `${provider} connected: @${login}`,
    integration_reconnected: (provider: string) => `${provider} reconnected`,
    integration_reconnected_as: (provider: string, login: string) => `${provider} reconnected: @${login}`,
    integration_disconnected: (provider: string) => `${provider} disconnected`,
    integration_disconnected_as: (provider: string, login: string) => `${provider} disconnected: @${login}`,
    integration_failed: (provider: string) => `${provider} connection stopped working`,
    integration_failed_as: (provider: string, login: string) => `${provider} connection stopped working: @${login}`,
    registry_authorised: (host: string) => `Container registry authorised: ${host}`,
    registry_updated: (host: string) => `Password updated for ${host}`,
    registry_removed: (host: string) => `Container registry removed: ${host}`,
    registry_failed: (host: string) => `${host} refused the password`,
    email_change_requested: (address: string) => `New email to be confirmed: ${address}`,
    email_change_cancelled: (address: string) => `Change of email cancelled: ${address}`,
    email_changed: (address: string) => `Email changed to ${address}`,
};

const categories = {
    sign_in: 'Sign-in',
    password: 'Password',
    two_factor: 'Two-factor',
    api_keys: 'API keys',
    ssh_keys: 'SSH keys',
    source_code: 'Source code',
    registries: 'Registries',
    profile: 'Profile',
    account: 'Account',
} satisfies Record<Category, string>;

export const activity = {
    title: 'Activity',
    whatFor: 'What happened on your account, the newest first.',
    loading: 'Loading activity',
    tryAgain: 'Try again',
    export: 'Export as JSON',
    loadMore: 'Load more',
    kinds,
    known,
    byAdministrator: 'By your System Administrator',
    codesLeft: (codes: number) =>
        plural(codes, { one: '1 backup code left', other: `${number(codes)} backup codes left` }),
    /** `Firefox on macOS, 198.51.100.7` */
    deviceAt: (device: string, address: string) => `${device}, ${address}`,
    thisSession: 'This session',
    /** Above the choice of a category. */
    show: 'Show',
    all: 'All',
    categories,
    none: { title: 'No activity yet', text: 'Sign-ins and changes to your account appear here.' },
    noneOfKind: {
        title: (category: string) => `Nothing under ${category}`,
        text: 'Nothing of this kind happened on your account.',
        showAll: 'Show all',
    },
};
