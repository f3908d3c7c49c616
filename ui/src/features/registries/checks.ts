/** What can be told of credentials for a registry before it is asked. */

import { lengthOf } from '$lib/checks';
import type { Check } from '$lib/form.svelte';

export const checkRegistryUsername: Check = (value) => {
    if (value.trim() === '') return 'Enter your username at the registry.';
    return lengthOf(value.trim()) > 255 ? 'Use at most 255 characters.' : null;
};

/** White space counts. */
export const checkRegistryPassword: Check = (value) => (value === '' ? 'Enter the password, or a token.' : null);
