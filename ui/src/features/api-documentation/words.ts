import type { DocumentedEndpoint } from '$bindings/DocumentedEndpoint';
import type { ExampleResponse } from '$bindings/ExampleResponse';

interface Badge {
    word: string;
    kind: 'ok' | 'warn' | undefined;
}

/** Who may call, and what has to be proved, in a word each. */
export function badgesOf({ auth, proof }: DocumentedEndpoint): Badge[] {
    const who: Record<typeof auth, Badge[]> = {
        nobody: [{ word: 'Anyone', kind: undefined }],
        session: [{ word: 'Session', kind: undefined }],
        session_or_key: [
            { word: 'API key', kind: 'ok' },
            { word: 'Scope api', kind: 'ok' },
            { word: 'Session', kind: undefined },
        ],
    };
    if (!proof) return who[auth];
    const what = proof.password ? 'Password and second factor' : 'Second factor';
    const when = proof.max_age === null ? 'in the body' : `within ${proof.max_age / 60} min`;
    return [...who[auth], { word: `${what} ${when}`, kind: 'warn' }];
}

/** An answer as `curl -i` shows it. */
export function answered({ status, headers, body }: ExampleResponse): string {
    const head = [String(status), ...headers.map(([name, value]) => `${name}: ${value}`)];
    return (body.length > 0 ? [...head, '', ...body] : head).join('\n');
}
