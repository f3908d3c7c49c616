// Requests and answers.

export function reply(response, status, body, headers = {}) {
    if (status === 204) {
        response.writeHead(status, headers).end();
        return;
    }
    const bytes = Buffer.from(JSON.stringify(body));
    const usual = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length };
    response.writeHead(status, { ...usual, ...headers }).end(bytes);
}

export async function bodyOf(request) {
    const parts = [];
    for await (const part of request) {
        parts.push(part);
    }
    return Buffer.concat(parts).toString();
}

// User name and password of RFC 7617.
export function basic(request) {
    const found = /^Basic (.+)$/i.exec(request.headers.authorization ?? '');
    if (!found) {
        return undefined;
    }
    const pair = Buffer.from(found[1], 'base64').toString();
    const colon = pair.indexOf(':');
    return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

export function bearer(request) {
    return /^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

// A page of rows, and the header that leads to its neighbours (RFC 8288).
export function page(rows, query, url, most = 100, usual = 30) {
    const number = (name, otherwise) => Math.max(1, Number.parseInt(query.get(name) ?? otherwise, 10) || otherwise);
    const [size, at] = [Math.min(most, number('per_page', usual)), number('page', 1)];
    const last = Math.max(1, Math.ceil(rows.length / size));
    const to = (page, relation) => {
        const target = new URL(url);
        target.search = new URLSearchParams([...query, ['page', page]].filter(([k, v]) => k !== 'page' || v === page));
        return `<${target}>; rel="${relation}"`;
    };
    const links = [];
    if (at > 1) links.push(to(at - 1, 'prev'), to(1, 'first'));
    if (at < last) links.push(to(at + 1, 'next'), to(last, 'last'));
    const link = links.length > 0 ? { Link: links.join(', ') } : {};
    return { rows: rows.slice((at - 1) * size, at * size), at, size, last, link };
}
