import { render } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import App from '../src/App.svelte';
import type { FakeHost } from './fake-host';
import { freshHost } from './host';

/** The whole app on a fresh fake host that `prepare` has set up. */
export function openApp(prepare: (host: FakeHost) => void = () => undefined): { host: FakeHost; user: UserEvent } {
    const host = freshHost();
    prepare(host);
    render(App);
    return { host, user: userEvent.setup({ delay: null }) };
}
