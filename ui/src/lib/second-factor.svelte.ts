import type { Failure } from '$bindings/Failure';
import type { SecondFactorArgs } from '$bindings/SecondFactorArgs';
import { clock } from './dates';
import { fieldMessage, fieldOf } from './field-messages';
import { language, words } from '$words/words.svelte';

/** Digits of a code of an authenticator app. */
export const CODE_LENGTH = 6;

/** Members of bodies that hold a second factor. */
const MEMBERS: ReadonlySet<string> = new Set(['code', 'second_factor_code', 'backup_code']);

/** What somebody types as second factor: six digits, or a backup code in their place. */
export class SecondFactor {
    byBackupCode = $state(false);
    error = $state.raw<string | null>(null);
    /** Grows with every refusal: whoever shows the field gives it the focus then. */
    refused = $state(0);
    #code = $state('');
    #backupCode = $state('');

    /** Digits, with spaces for those that are missing before others. */
    get code(): string {
        return this.#code;
    }

    set code(code: string) {
        this.#code = code;
        if (code !== '') this.error = null;
    }

    get backupCode(): string {
        return this.#backupCode;
    }

    set backupCode(code: string) {
        this.#backupCode = code;
        this.error = null;
    }

    get complete(): boolean {
        return /^\d{6}$/u.test(this.#code);
    }

    /** Changes between the two. */
    swap(): void {
        this.byBackupCode = !this.byBackupCode;
        this.error = null;
    }

    /** What to send; null where it is not all there, which is said. */
    take(): SecondFactorArgs | null {
        if (this.byBackupCode) {
            const backup_code = this.#backupCode.trim();
            if (backup_code !== '') return { backup_code };
            this.#complain(fieldMessage('backup_code', 'blank'));
            return null;
        }
        if (this.complete) return { code: this.#code };
        this.#complain(words.components.secondFactor.allDigits(CODE_LENGTH));
        return null;
    }

    /** Shows a refusal that is about the second factor; answers whether it was. */
    refuse(failure: Failure): boolean {
        const about = failure.errors.find((error) => MEMBERS.has(fieldOf(error)));
        if (failure.code !== 'invalid_code' && !about) return false;
        if (!this.byBackupCode) this.#code = '';
        this.#complain(this.byBackupCode ? fieldMessage('backup_code', 'incorrect') : this.#wrongCode(failure));
        return true;
    }

    #complain(text: string): void {
        this.error = text;
        this.refused += 1;
    }

    #wrongCode({ clock_offset, server_time }: Failure): string {
        if (clock_offset !== null && clock_offset !== 0) return clockWords(clock_offset);
        const { wrong, compareClocks } = words.components.secondFactor;
        return server_time !== null && this.refused > 0
            ? `${wrong} ${compareClocks(clock(new Date(server_time)))}`
            : wrong;
    }
}

/** What to do about the clock of an authenticator app that is ahead by so many seconds, or behind. */
export function clockWords(offset: number): string {
    const off = duration(Math.abs(offset));
    const { clockAhead, clockBehind } = words.components.secondFactor;
    return offset > 0 ? clockAhead(off) : clockBehind(off);
}

/** `1 minute 30 seconds`: the two largest units. */
export function duration(seconds: number): string {
    const units = [
        [Math.floor(seconds / 3_600), 'hour'],
        [Math.floor((seconds % 3_600) / 60), 'minute'],
        [seconds % 60, 'second'],
    ] as const;
    const first = units.findIndex(([count]) => count > 0);
    const { locale } = language;
    const largest = units
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) =>
            new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
        );
    return new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' }).format(largest);
}
