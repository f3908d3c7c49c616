// A provider of source code on a port of this computer: oidc-provider with the paths and the habits of GitHub or GitLab,
// their API for the tokens it issued, and repositories for git.
//
//   node server.js github|gitlab FOLDER [SETTINGS]
//
// FOLDER holds what is only for this run. SETTINGS is JSON: see settings.js. Once it is ready, it says where on standard
// error. `/control` is how a test plays everybody else: see control.js.

import http from 'node:http';

import { control } from './control.js';
import { misbehaves } from './behaviour.js';
import { Git } from './git.js';
import { github } from './github.js';
import { gitlab } from './gitlab.js';
import { reply } from './http.js';
import { authorizationServer } from './oauth.js';
import { settingsWith } from './settings.js';

const [kind, folder, given] = process.argv.slice(2);
const settings = settingsWith(JSON.parse(given ?? '{}'));
const seen = { grants: {}, refused: [], issued: [], api: {}, revoked: 0 };

const server = http.createServer();
server.listen(0, '127.0.0.1', async () => {
    const url = `http://127.0.0.1:${server.address().port}${settings.root}`;
    const here = { url, settings, seen, folder };
    const provider = { github, gitlab }[kind](here);
    here.oauth = authorizationServer(here, provider);
    here.git = new Git(here, provider);
    if (settings.described && provider.description) {
        const { Description } = await import('./description.js');
        here.description = await Description.of(provider, here);
        seen.violations = [];
    }
    server.on('request', (request, response) => {
        serve(here, provider, request, response).catch((error) => {
            process.stderr.write(`${request.method} ${request.url}: ${error.stack}\n`);
            response.headersSent ? response.destroy() : reply(response, 500, { message: 'the fixture is broken' });
        });
    });
    process.stderr.write(`listening on ${url}\n`);
});

async function serve(here, provider, request, response) {
    // Where a request says it stands behind `/control`, `/behind`, or the root that is configured.
    const asked = new URL(request.url, here.url);
    if (asked.pathname.startsWith('/control/')) {
        return control(here, asked.pathname.slice('/control/'.length), request, response);
    }
    if (asked.pathname.startsWith('/behind/')) {
        return provider.api(asked.pathname.slice('/behind'.length), asked.searchParams, request, response);
    }
    const { root } = settings;
    if (misbehaves(settings, request, response)) {
        return undefined;
    }
    if (!asked.pathname.startsWith(`${root}/`)) {
        return reply(response, 404, { message: 'Not Found' });
    }
    const path = asked.pathname.slice(root.length);
    if (path.startsWith(`${provider.apiRoot}/`)) {
        const within = path.slice(provider.apiRoot.length);
        seen.api[within] = (seen.api[within] ?? 0) + 1;
        return here.description
            ? here.description.pass(within + asked.search, request, response)
            : provider.api(within, asked.searchParams, request, response);
    }
    if (here.git.serves(path)) {
        return here.git.serve(path, asked.search, request, response);
    }
    return here.oauth.serve(path + asked.search, request, response);
}
