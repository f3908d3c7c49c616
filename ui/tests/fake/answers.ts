/** What the parts of the fake host share: the shape of its answers, and refusals. */

import type { Commands } from '$bindings/Commands';
import type { Failure } from '$bindings/Failure';
import type { FailureCode } from '$bindings/FailureCode';
import type { FieldCode } from '$bindings/FieldCode';
import { Refusal, failureOf } from '../../src/lib/refusal';

export type Name = keyof Commands;
export type Args<K extends Name> = Commands[K][0];
export type Answer<K extends Name> = Commands[K][1];
export type Handlers = { [K in Name]: (args: Args<K>) => Answer<K> | Promise<Answer<K>> };

export function refusal(code: FailureCode, more: Partial<Failure> = {}): Refusal {
    return new Refusal({ ...failureOf(code), ...more });
}

/** A refusal of one field. */
export function badField(field: string, code: FieldCode, more: Partial<Failure> = {}): Refusal {
    return refusal('invalid_field', { ...more, errors: [{ pointer: `/${field}`, code, detail: '' }] });
}
