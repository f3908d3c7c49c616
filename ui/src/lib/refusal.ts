import type { Failure } from '$bindings/Failure';
import type { FailureCode } from '$bindings/FailureCode';
import type { FieldError } from '$bindings/FieldError';
import type { Method } from '$bindings/Method';

/** A failure of the shell as something that can be thrown. */
export class Refusal extends Error implements Failure {
    code: FailureCode;
    detail: string | null;
    errors: FieldError[];
    request_id: string | null;
    retry_after: number | null;
    methods: Method[];
    clock_offset: number | null;
    server_time: string | null;

    constructor(failure: Failure) {
        super(failure.detail ?? failure.code);
        this.name = 'Refusal';
        this.code = failure.code;
        this.detail = failure.detail;
        this.errors = failure.errors;
        this.request_id = failure.request_id;
        this.retry_after = failure.retry_after;
        this.methods = failure.methods;
        this.clock_offset = failure.clock_offset;
        this.server_time = failure.server_time;
    }
}

/** A failure of one code, nothing more being known. */
export function failureOf(code: FailureCode, detail: string | null = null): Failure {
    return {
        code,
        detail,
        errors: [],
        request_id: null,
        retry_after: null,
        methods: [],
        clock_offset: null,
        server_time: null,
    };
}

/** Whether nobody answered: it is read again once somebody does. */
export function isOutOfReach(failure: Failure | null): boolean {
    return failure !== null && ['offline', 'timed_out', 'connection_lost'].includes(failure.code);
}

/** Whatever was thrown, as a refusal; what is no `Failure` (a fault of the shell itself) becomes `internal`. */
export function asRefusal(cause: unknown): Refusal {
    if (cause instanceof Refusal) return cause;
    if (isFailure(cause)) return new Refusal(cause);
    return new Refusal(failureOf('internal', cause instanceof Error ? cause.message : null));
}

function isFailure(value: unknown): value is Failure {
    return typeof value === 'object' && value !== null && 'code' in value && 'errors' in value;
}
