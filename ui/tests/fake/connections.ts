/** What the fake host holds of source code integration and container registries. */

import type { AttemptState } from '$bindings/AttemptState';
import type { AttemptStatus } from '$bindings/AttemptStatus';
import type { ConnectIntegration } from '$bindings/ConnectIntegration';
import type { ConnectionStarted } from '$bindings/ConnectionStarted';
import * as sample from '../sample-connections';
import { refusal } from './answers';

/** An attempt to connect an account that has not ended. */
interface Attempt {
    args: ConnectIntegration;
    started: ConnectionStarted;
    ended: Promise<AttemptState>;
    end: (state: AttemptState) => void;
    give_up: () => void;
}

const MINUTE = 60_000;

export class FakeConnections {
    integrations = sample.integrations();
    repositories = sample.repositories();
    git = sample.gitHelper();
    registries = sample.registries();
    tools = sample.containerHelper();
    /** The password every registry takes. */
    registryPassword = 'right-token';
    /** Whether providers revoke what is disconnected. */
    revokes = true;
    /** Whether the clipboard takes the code. */
    copies = true;
    /** Milliseconds after which the person agrees once the browser was opened; null where a test says when. */
    agreesAfter: number | null = null;
    /** The attempt that is waited for. */
    attempt: Attempt | null = null;
    #made = 0;

    begin(args: ConnectIntegration): ConnectionStarted {
        this.#made += 1;
        const device = args.method === 'device';
        const started: ConnectionStarted = {
            id: `attempt-${this.#made}`,
            method: args.method,
            provider: args.provider,
            host: args.host,
            user_code: device ? (this.#made === 1 ? 'WDJB-MJHT' : 'KLPQ-2TRX') : null,
            shown_address: device ? `${args.host}/login/device` : null,
            expires_at: new Date(Date.now() + 15 * MINUTE - 1_000).toISOString(),
        };
        let end: Attempt['end'] = () => undefined;
        let give_up: Attempt['give_up'] = () => undefined;
        const ended = new Promise<AttemptState>((resolve, reject) => {
            end = resolve;
            give_up = () => reject(refusal('cancelled'));
        });
        // Nobody may be waiting yet.
        ended.catch(() => undefined);
        this.attempt = { args, started, ended, end, give_up };
        return started;
    }

    /** The attempt, where it is that one. */
    theAttempt(id: string): Attempt {
        if (this.attempt?.started.id !== id) throw refusal('not_found');
        return this.attempt;
    }

    /** The attempt ends otherwise than in a connection. */
    end(status: AttemptStatus, detail: string | null = null): void {
        this.attempt?.end({ status, interval: 5, detail, integration: null });
        this.attempt = null;
    }

    /** The person agrees at the provider. */
    agree(login = 'maren'): void {
        if (this.attempt === null) return;
        const { args, end } = this.attempt;
        const made = sample.connection(args.reconnect ?? `made-${this.#made}`, {
            provider: args.provider,
            host: args.host,
            login,
            scopes: args.provider === 'github' ? ['repo'] : ['read_api', 'read_repository'],
            connected_at: new Date().toISOString(),
            checked_at: new Date().toISOString(),
        });
        const others = this.integrations.filter(
            (one) => one.id !== made.id && (one.connected || one.provider !== made.provider || one.host !== made.host),
        );
        this.integrations = [...others, made].sort((one, other) => one.provider.localeCompare(other.provider));
        this.attempt = null;
        end({ status: 'connected', interval: 5, detail: null, integration: made });
    }

    /** The hosts that are connected. */
    get connectedHosts(): string[] {
        return [...new Set(this.integrations.filter(({ connected }) => connected).map(({ host }) => host))];
    }
}
