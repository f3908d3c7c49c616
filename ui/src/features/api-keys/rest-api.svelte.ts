import type { Failure } from '$bindings/Failure';
import type { FieldError } from '$bindings/FieldError';
import type { RestApi } from '$bindings/RestApi';
import { fieldErrorMessage, fieldOf } from '$lib/field-messages';
import { call } from '$lib/host';
import { sentenceFor } from '$lib/messages';
import { asRefusal } from '$lib/refusal';
import { saidByService } from '$lib/service-words';

/** What is wrong with the port, where that is what is wrong. */
export function portError(failure: Failure): FieldError | undefined {
    return failure.errors.find((error) => fieldOf(error) === 'port');
}

/** Whether another program uses the port. */
export function portTaken(failure: Failure): boolean {
    return failure.code === 'conflict' || portError(failure)?.code === 'taken';
}

/** Why it does not run at a port: the shell, which tried, knows that best. */
export function whyNot(failure: Failure): string {
    const error = portError(failure);
    const said = error?.detail ? error.detail : failure.detail;
    if (said) return saidByService(said);
    return error ? fieldErrorMessage(error) : sentenceFor(failure);
}

/** The REST API of the service in this app: whether it is served on this computer, and where. */
export class RestApiSwitch {
    /** Null until it was read. */
    state = $state.raw<RestApi | null>(null);
    /** Why it could not be read or turned. */
    failure = $state.raw<Failure | null>(null);
    busy = $state(false);

    async load(): Promise<void> {
        this.failure = null;
        try {
            this.state = await call('get_rest_api', {});
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** Switches it on or off, at the port that is remembered. */
    async turn(enabled: boolean): Promise<void> {
        this.failure = null;
        try {
            await this.#set(enabled);
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }

    /** Serves it at another port. Rejects where that is refused. */
    async move(port: number): Promise<void> {
        this.failure = null;
        const { failure } = await this.#set(true, port);
        if (failure) throw asRefusal(failure);
    }

    async #set(enabled: boolean, port?: number): Promise<RestApi> {
        this.busy = true;
        try {
            this.state = await call('set_rest_api', port === undefined ? { enabled } : { enabled, port });
            return this.state;
        } finally {
            this.busy = false;
        }
    }
}
