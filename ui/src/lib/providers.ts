import type { Integration } from '$bindings/Integration';
import type { Provider } from '$bindings/Provider';
import { words } from '$words/words.svelte';

/** What each provider of source code is called, and the host everybody knows. */
export const PROVIDERS: Record<Provider, { name: string; host: string }> = {
    github: { name: 'GitHub', host: 'github.com' },
    gitlab: { name: 'GitLab', host: 'gitlab.com' },
};

/** The host, where the name alone does not say which: another one than the usual, or one of several. */
export function hostToTell({ provider, host }: Integration, all: readonly Integration[]): string | null {
    const several = all.some((other) => other.provider === provider && other.host !== host);
    return host === PROVIDERS[provider].host && !several ? null : host;
}

/** `GitHub`, `GitLab at git.example.org` */
export function labelOf(integration: Integration, all: readonly Integration[]): string {
    const { name } = PROVIDERS[integration.provider];
    const host = hostToTell(integration, all);
    return host === null ? name : words.components.providerAt(name, host);
}
