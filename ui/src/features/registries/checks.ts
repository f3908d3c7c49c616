/** What can be told of credentials for a registry before it is asked. */

import { lengthOf } from '$lib/checks';
import type { Check } from '$lib/form.svelte';
import { words } from '$words/words.svelte';

export const checkRegistryUsername: Check = (value) => {
    const said = words.registries.credentials;
    if (value.trim() === '') return said.usernameMissing;
    return lengthOf(value.trim()) > 255 ? said.usernameTooLong : null;
};

/** White space counts. */
export const checkRegistryPassword: Check = (value) =>
    value === '' ? words.registries.credentials.passwordMissing : null;
