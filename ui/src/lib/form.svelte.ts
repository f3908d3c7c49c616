import { tick } from 'svelte';
import type { Failure } from '$bindings/Failure';
import { afterPress } from './after-press';
import { fieldErrorMessage, fieldOf } from './field-messages';
import { asRefusal } from './refusal';

/** What is wrong with a value, as a sentence that says what to do; null where nothing is. */
export type Check = (value: string) => string | null;

/** What a form is made of. */
export interface FormOptions<K extends string> {
    /** The values to begin with; their keys are the fields, in the order of the page. */
    values: Record<K, string>;
    /** What can be told without asking the service. */
    checks?: Partial<Record<K, Check>>;
}

/** A verdict of the service, which holds while the values it was given for stand. */
interface Verdict<K extends string> {
    text: string;
    about: Partial<Record<K, string>>;
}

let forms = 0;

/**
 * The state of a form: values, which errors are shown, what the service refused.
 *
 * An error is shown from the first time its field was left, then with every keystroke until it is right. What the
 * service refused is shown as long as the refused value stands. Nothing that was typed is ever cleared here.
 */
export class Form<K extends string> {
    values = $state() as Record<K, string>;
    /** What was refused and belongs to no field. */
    failure = $state.raw<Failure | null>(null);
    busy = $state(false);

    #shown = $state<Partial<Record<K, boolean>>>({});
    #verdicts = $state.raw<Partial<Record<K, Verdict<K>>>>({});
    #initial: Record<K, string>;
    readonly #fields: K[];
    readonly #checks: Partial<Record<K, Check>>;
    readonly #id = `form-${(forms += 1)}`;

    constructor(options: FormOptions<K>) {
        this.values = options.values;
        this.#initial = { ...options.values };
        this.#fields = Object.keys(options.values) as K[];
        this.#checks = options.checks ?? {};
    }

    /** The id of a field's input. */
    id(field: K): string {
        return `${this.#id}-${field}`;
    }

    /** Whether a field must not be left empty, as its check has it. */
    isRequired(field: K): boolean {
        return (this.#checks[field]?.('') ?? null) !== null;
    }

    /** The error to show at a field. */
    error(field: K): string | null {
        const verdict = this.#verdicts[field];
        if (verdict && this.#stands(verdict)) return verdict.text;
        return this.#shown[field] ? this.#wrong(field) : null;
    }

    /** Call when a field was left. One that was only passed by is left alone until somebody submits. */
    leave(field: K): void {
        afterPress(() => {
            if (this.values[field] !== this.#initial[field]) this.#shown[field] = true;
        });
    }

    /** Says that the service will not have the values of these fields as they are; shown at the last one. */
    refuse(fields: [...K[], K], text: string): void {
        const about: Partial<Record<K, string>> = {};
        for (const field of fields) about[field] = this.values[field];
        const at = fields[fields.length - 1] as K;
        this.#verdicts = { ...this.#verdicts, [at]: { text, about } };
    }

    /**
     * Checks everything, sends, and sorts what was refused: to the fields, or to `failure`. `otherwise` may claim a
     * refusal first by answering true.
     */
    async submit(send: () => Promise<void>, otherwise?: (failure: Failure) => boolean): Promise<void> {
        if (this.busy) return;
        this.failure = null;
        for (const field of this.#fields) this.#shown[field] = true;
        if (!this.#good()) {
            await this.#focusBad();
            return;
        }
        this.busy = true;
        try {
            await send();
        } catch (cause) {
            const refusal = asRefusal(cause);
            // Whoever gave up knows it.
            if (refusal.code === 'cancelled') return;
            if (!otherwise?.(refusal)) this.#sort(refusal);
            await this.#focusBad();
            selectHidden(document.activeElement);
        } finally {
            this.busy = false;
        }
    }

    /** Begins anew with other values. */
    restart(values: Record<K, string>): void {
        this.values = values;
        this.#initial = { ...values };
        this.failure = null;
        this.#shown = {};
        this.#verdicts = {};
    }

    #sort(failure: Failure): void {
        let homeless = failure.errors.length === 0;
        for (const error of failure.errors) {
            const field = this.#fields.find((name) => name === fieldOf(error));
            if (field) this.refuse([field], fieldErrorMessage(error));
            else homeless = true;
        }
        if (homeless) this.failure = failure;
    }

    #wrong(field: K): string | null {
        return this.#checks[field]?.(this.values[field]) ?? null;
    }

    #stands(verdict: Verdict<K>): boolean {
        return this.#fields.every(
            (field) => verdict.about[field] === undefined || verdict.about[field] === this.values[field],
        );
    }

    #good(): boolean {
        return this.#fields.every((field) => this.#wrong(field) === null);
    }

    async #focusBad(): Promise<void> {
        await tick();
        const bad = this.#fields.find((field) => this.error(field) !== null);
        if (bad) document.getElementById(this.id(bad))?.focus();
    }
}

/** What is typed next takes the place of a password that was refused: nobody sees where to go on in it. */
function selectHidden(element: Element | null): void {
    if (element instanceof HTMLInputElement && element.type === 'password') element.select();
}
