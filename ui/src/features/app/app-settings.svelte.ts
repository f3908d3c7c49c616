import type { AppSettingName } from '$bindings/AppSettingName';
import type { AppSettings } from '$bindings/AppSettings';
import type { Failure } from '$bindings/Failure';
import { call } from '$lib/host';
import { asRefusal } from '$lib/refusal';

/** The settings of the app, and what went wrong with them last. */
export class AppSettingsSwitches {
    state = $state.raw<AppSettings | null>(null);
    failure = $state.raw<Failure | null>(null);
    /** The one that is being switched. */
    busy = $state<AppSettingName | null>(null);

    load(): Promise<void> {
        return this.#ask(() => call('get_app_settings', {}));
    }

    async turn(name: AppSettingName, on: boolean): Promise<void> {
        if (this.busy !== null) return;
        this.busy = name;
        await this.#ask(() => call('set_app_setting', { name, on }));
        this.busy = null;
    }

    async #ask(ask: () => Promise<AppSettings>): Promise<void> {
        try {
            this.state = await ask();
            this.failure = null;
        } catch (cause) {
            this.failure = asRefusal(cause);
        }
    }
}
