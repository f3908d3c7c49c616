import type { ApiDocumentation } from '$bindings/ApiDocumentation';
import type { DocumentedEndpoint } from '$bindings/DocumentedEndpoint';

/** The documentation with only what has every word of a search in it; everything where nothing is searched for. */
export function found(documentation: ApiDocumentation, search: string): ApiDocumentation {
    const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
    if (words.length === 0) return documentation;
    const has = (...texts: string[]) => {
        const text = texts.join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
    };
    const areas = documentation.areas.map((area) => ({
        ...area,
        endpoints: area.endpoints.filter((endpoint) => has(area.title, ...textsOf(endpoint))),
    }));
    return {
        ...documentation,
        guide: documentation.guide.filter(({ title, passages }) => has(title, ...passages.map(({ text }) => text))),
        areas: areas.filter(({ endpoints }) => endpoints.length > 0),
        types: documentation.types.filter(({ name, about }) => has(name, about)),
        codes: documentation.codes.filter(({ status, code, title }) => has(String(status), code, title)),
    };
}

/** What an endpoint is found by. */
function textsOf({ id, method, path, summary, auth, parameters, body }: DocumentedEndpoint): string[] {
    const fields = [...parameters, ...(body?.fields ?? [])].map(({ name }) => name);
    const scope = auth === 'session_or_key' ? 'api key scope api' : '';
    return [id, method, path, summary, scope, ...fields];
}

/** How much a search found. */
export function count({ guide, areas, types, codes }: ApiDocumentation): number {
    const endpoints = areas.reduce((sum, area) => sum + area.endpoints.length, 0);
    return guide.length + endpoints + types.length + codes.length;
}
