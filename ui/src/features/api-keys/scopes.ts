/** What a named key may be used for, in words. */

import type { Scope } from '$bindings/Scope';

export const SCOPES: Record<Scope, { label: string; text: string }> = {
    api: {
        label: 'API',
        text: 'Grants access to the Latchkey API, which allows you to connect external applications to Latchkey.',
    },
    registry: {
        label: 'Registry',
        text: 'Grants access to the container registry, which allows you to run containers using Docker.',
    },
};
