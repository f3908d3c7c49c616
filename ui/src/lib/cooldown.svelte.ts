/** Seconds during which something must not be done again. Counts down while it runs. */
export class Cooldown {
    /** Seconds left; 0 when it may be done. */
    left = $state(0);
    readonly #seconds: number;
    #timer: ReturnType<typeof setInterval> | undefined;

    constructor(seconds: number) {
        this.#seconds = seconds;
    }

    start(): void {
        this.stop();
        // The clock decides: timers stand still while the computer sleeps.
        const end = Date.now() + this.#seconds * 1_000;
        this.left = this.#seconds;
        this.#timer = setInterval(() => {
            this.left = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
            if (this.left === 0) this.stop();
        }, 1_000);
    }

    stop(): void {
        clearInterval(this.#timer);
    }
}
