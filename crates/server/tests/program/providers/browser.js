// Somebody with a browser: signs in, confirms the code of a device, and agrees or does not.

const PAGES = 12;

export class Browser {
    #cookies = new Map();

    constructor(login, agrees, code) {
        Object.assign(this, { login, agrees, code });
    }

    async follow(url) {
        const { origin } = new URL(url);
        let [target, options] = [url, {}];
        for (let pages = 0; pages < PAGES; pages += 1) {
            if (new URL(target).origin !== origin) {
                // The person's own computer listens there.
                return { location: target };
            }
            const answer = await this.#ask(target, options);
            const location = answer.headers.get('location');
            if (location) {
                [target, options] = [new URL(location, target).href, {}];
                continue;
            }
            const text = await answer.text();
            const form = formOf(text);
            // Somebody without a code, or whose code was taken, is asked for one.
            if (!form || (form.asks && !this.code)) {
                return {
                    page: text
                        .replaceAll(/<[^>]*>/g, ' ')
                        .replaceAll(/\s+/g, ' ')
                        .trim(),
                    status: answer.status,
                };
            }
            [target, options] = this.#fill(form, text, target);
        }
        throw new Error(`no end of pages from ${url} on`);
    }

    async #ask(url, options) {
        const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(url, { redirect: 'manual', headers: { cookie, accept: 'text/html' }, ...options });
        for (const line of answer.headers.getSetCookie()) {
            const [name, value] = line.split(';')[0].split(/=(.*)/);
            this.#cookies.set(name, value);
        }
        return answer;
    }

    #fill({ action, fields, asks }, text, at) {
        if (asks) {
            fields.user_code = this.code;
            this.code = undefined;
        }
        if (fields.prompt === 'consent' && !this.agrees) {
            return [new URL(/href="([^"]*\/abort)"/.exec(text)[1], at).href, {}];
        }
        if (fields.prompt === 'login') {
            Object.assign(fields, { login: this.login, password: 'of no matter' });
        }
        return [new URL(action, at).href, { method: 'POST', body: new URLSearchParams(fields) }];
    }
}

// The form of a page, with what it is sent with as it stands.
function formOf(text) {
    const action = /<form[^>]*action="([^"]*)"/.exec(text)?.[1];
    if (!action) {
        return undefined;
    }
    const attribute = (tag, name) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1];
    const inputs = [...text.matchAll(/<input[^>]*>/g)].map(([tag]) => [
        attribute(tag, 'name'),
        attribute(tag, 'value'),
    ]);
    const fields = Object.fromEntries(inputs.filter(([name, value]) => name && value !== undefined));
    return { action, fields, asks: inputs.some(([name]) => name === 'user_code') && !('user_code' in fields) };
}
