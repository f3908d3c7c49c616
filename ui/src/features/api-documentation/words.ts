import type { DocumentedEndpoint } from '$bindings/DocumentedEndpoint';
import type { ExampleResponse } from '$bindings/ExampleResponse';
import { words } from '$words/words.svelte';

interface Badge {
    word: string;
    kind: 'ok' | 'warn' | undefined;
}

/** Who may call, and what has to be proved, in a word each. */
export function badgesOf({ auth, proof }: DocumentedEndpoint): Badge[] {
    const said = words.apiDocumentation.badges;
    const who: Record<typeof auth, Badge[]> = {
        nobody: [{ word: said.anyone, kind: undefined }],
        session: [{ word: said.session, kind: undefined }],
        session_or_key: [
            { word: said.apiKey, kind: 'ok' },
            { word: said.scope, kind: 'ok' },
            { word: said.session, kind: undefined },
        ],
    };
    if (!proof) return who[auth];
    const { password, max_age } = proof;
    const inBody = password ? said.bothInBody : said.secondInBody;
    const within = password ? said.bothWithin : said.secondWithin;
    return [...who[auth], { word: max_age === null ? inBody : within(max_age / 60), kind: 'warn' }];
}

/** An answer as `curl -i` shows it. */
export function answered({ status, headers, body }: ExampleResponse): string {
    const head = [String(status), ...headers.map(([name, value]) => `${name}: ${value}`)];
    return (body.length > 0 ? [...head, '', ...body] : head).join('\n');
}
