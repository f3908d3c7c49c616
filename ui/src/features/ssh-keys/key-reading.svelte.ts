import type { Failure } from '$bindings/Failure';
import type { SshKeyPreview } from '$bindings/SshKeyPreview';
import { fieldErrorMessage } from '$lib/field-messages';
import { call } from '$lib/host';
import { sentenceFor } from '$lib/messages';
import { asRefusal } from '$lib/refusal';

/** How long typing rests before the text is read. */
const REST = 250;

/** What a refusal says of the text, or of the file it came from. */
export function reasonOf(failure: Failure): string {
    const [error] = failure.errors;
    return error ? fieldErrorMessage(error) : sentenceFor(failure);
}

/** Reads a public key on this computer while it is typed. What came too late is not listened to. */
export class KeyReading {
    /** The key that was read from the text as it is; null while there is none. */
    key = $state.raw<SshKeyPreview | null>(null);
    /** What is wrong with the text; null where nothing is, or it was not read yet. */
    wrong = $state.raw<string | null>(null);

    #text = '';
    #timer: ReturnType<typeof setTimeout> | undefined;
    readonly #found: (key: SshKeyPreview) => void;

    /** `found` is called with every key that was read. */
    constructor(found: (key: SshKeyPreview) => void) {
        this.#found = found;
    }

    /** The text has changed. */
    typed(text: string): void {
        this.#begin(text);
        if (text.trim() !== '') this.#timer = setTimeout(() => void this.#look(text), REST);
    }

    /** The key is known already: it was read from a file. */
    take(key: SshKeyPreview): void {
        this.#begin(key.public_key);
        this.key = key;
    }

    /** Reads the text now, unless that was done. Rejects where it is no public key that would be taken. */
    async read(text: string): Promise<SshKeyPreview> {
        if (this.key && text === this.#text) return this.key;
        this.#begin(text);
        return this.#read(text);
    }

    /** Lets go of everything. */
    stop(): void {
        this.#begin('');
    }

    #begin(text: string): void {
        clearTimeout(this.#timer);
        this.#text = text;
        this.key = null;
        this.wrong = null;
    }

    async #look(text: string): Promise<void> {
        try {
            await this.#read(text);
        } catch (cause) {
            if (text === this.#text) this.wrong = reasonOf(asRefusal(cause));
        }
    }

    async #read(text: string): Promise<SshKeyPreview> {
        const key = await call('read_ssh_key', { text });
        if (text === this.#text) {
            this.key = key;
            this.wrong = null;
            this.#found(key);
        }
        return key;
    }
}
