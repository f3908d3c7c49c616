/** The pages of the account that is signed in, and what stands behind each of them in the sidebar. */

import Container from '@lucide/svelte/icons/container';
import GitBranch from '@lucide/svelte/icons/git-branch';
import History from '@lucide/svelte/icons/history';
import KeyRound from '@lucide/svelte/icons/key-round';
import ListChecks from '@lucide/svelte/icons/list-checks';
import LockKeyhole from '@lucide/svelte/icons/lock-keyhole';
import MonitorSmartphone from '@lucide/svelte/icons/monitor-smartphone';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Terminal from '@lucide/svelte/icons/terminal';
import UserX from '@lucide/svelte/icons/user-x';
import type { ActivityList } from '$features/activity/activity-list.svelte';
import type { ApiKeys } from '$features/api-keys/api-keys.svelte';
import type { Registries } from '$features/registries/registries.svelte';
import type { SessionList } from '$features/sessions/session-list.svelte';
import type { Integrations } from '$features/source-code/integrations.svelte';
import type { SshKeys } from '$features/ssh-keys/ssh-keys.svelte';
import { pages } from '$lib/pages.svelte';
import type { Section } from '$lib/sections';
import { codesLeft, type Security } from '$lib/security.svelte';
import type { Session } from '$lib/session.svelte';
import { words } from '$words/words.svelte';

/** What is read of an account while it is open. */
interface Account {
    session: Session;
    security: Security;
    apiKeys: ApiKeys;
    sessions: SessionList;
    sshKeys: SshKeys;
    integrations: Integrations;
    registries: Registries;
    activity: ActivityList;
}

/** In the order of the sidebar. Follows the language and what is read, where it is derived. */
export function sectionsOf(account: Account): Section[] {
    return [
        {
            id: 'password',
            heading: words.shell.sections.security,
            label: words.shell.sections.password,
            icon: LockKeyhole,
            page: pages.all?.PasswordPage,
        },
        {
            id: 'two-factor',
            heading: words.shell.sections.security,
            label: words.shell.sections.twoFactor,
            icon: ShieldCheck,
            page: pages.all?.TwoFactorPage,
            trailing: () => onOrOff(account),
            warning: () => codesLow(account),
            readAt: () => account.security.readAt,
        },
        {
            id: 'api-keys',
            heading: words.shell.sections.security,
            label: words.shell.sections.apiKeys,
            icon: KeyRound,
            page: pages.all?.ApiKeysPage,
            trailing: () => account.apiKeys.count,
            readAt: () => account.apiKeys.named.readAt,
        },
        {
            id: 'sessions',
            heading: words.shell.sections.security,
            label: words.shell.sections.sessions,
            icon: MonitorSmartphone,
            page: pages.all?.SessionsPage,
            trailing: () => account.sessions.count,
            readAt: () => account.sessions.readAt,
        },
        {
            id: 'check-up',
            heading: words.shell.sections.security,
            label: words.shell.sections.checkUp,
            icon: ListChecks,
            page: pages.all?.CheckUpPage,
        },
        {
            id: 'ssh-keys',
            heading: words.shell.sections.connections,
            label: words.shell.sections.sshKeys,
            icon: Terminal,
            page: pages.all?.SshKeysPage,
            trailing: () => account.sshKeys.count,
            readAt: () => account.sshKeys.list.readAt,
        },
        {
            id: 'source-code',
            heading: words.shell.sections.connections,
            label: words.shell.sections.sourceCode,
            icon: GitBranch,
            page: pages.all?.SourceCodePage,
            readAt: () => account.integrations.list.readAt,
        },
        {
            id: 'registries',
            heading: words.shell.sections.connections,
            label: words.shell.sections.registries,
            icon: Container,
            page: pages.all?.RegistriesPage,
            trailing: () => account.registries.count,
            readAt: () => account.registries.list.readAt,
        },
        {
            id: 'activity',
            heading: null,
            label: words.shell.sections.activity,
            icon: History,
            page: pages.all?.ActivityPage,
            readAt: () => account.activity.readAt,
        },
        {
            id: 'delete',
            heading: null,
            label: words.shell.sections.deleteAccount,
            icon: UserX,
            page: pages.all?.DeleteAccountPage,
        },
    ];
}

/** `On` or `Off`; the profile knows before the status was read. */
function onOrOff(account: Account): string {
    return account.session.profile?.profile.two_factor_enabled ? words.shell.sections.on : words.shell.sections.off;
}

function codesLow({ security }: Account): string | null {
    return security.twoFactor?.backup_codes_low ? codesLeft(security.twoFactor.backup_codes_remaining) : null;
}
