/** The words for a bad field: what to do, by field and code. */

import type { FieldCode } from '$bindings/FieldCode';
import type { FieldError } from '$bindings/FieldError';
import { saidByService } from './service-words';
import { words } from '$words/words.svelte';

/** Words of a field's own, where it has any for that code. */
function ownMessage(field: string, code: FieldCode): string | undefined {
    const byField: Partial<Record<string, Partial<Record<FieldCode, string>>>> = words.fields.byField;
    return byField[field]?.[code];
}

/** The words for a code at a field, whose name is that of its JSON member. */
export function fieldMessage(field: string, code: FieldCode): string {
    return ownMessage(field, code) ?? words.fields.anyField[code];
}

/** Codes whose sentence the one who refused knows best. */
const OWN_LIMITS: ReadonlySet<FieldCode> = new Set(['too_short', 'too_long', 'too_weak', 'invalid']);

/** The words for what the service said, which knows its own limits better than the table does. */
export function fieldErrorMessage(error: FieldError): string {
    const field = fieldOf(error);
    const ownLimit = OWN_LIMITS.has(error.code);
    return ownLimit && error.detail !== '' && ownMessage(field, error.code) === undefined
        ? saidByService(error.detail)
        : fieldMessage(field, error.code);
}

/** The member of the body a JSON pointer (RFC 6901) points at, or into: the innermost one that is named. */
export function fieldOf(error: FieldError): string {
    const names = error.pointer.split('/').filter((name) => name !== '' && !/^\d+$/u.test(name));
    return (names.at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}
