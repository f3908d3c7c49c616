// Repositories over HTTP, by `git http-backend`: those who show a token that was issued and is still good, as a password.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { basic } from './http.js';

const SERVED = /^\/[^/]+\/[^/]+\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;
const CONTENT = 'Only for those who have a token.\n';
const COMMIT = [
    'commit refs/heads/BRANCH',
    'committer Maren <maren@example.com> 1767600000 +0000',
    `data 5\nfirst\nM 100644 inline README.md\ndata ${CONTENT.length}\n${CONTENT}`,
].join('\n');

export class Git {
    constructor({ folder, oauth }, { realm, clone }) {
        Object.assign(this, { oauth, realm, scope: clone, root: path.join(folder, 'repositories') });
        this.make('northwind/tools', 'trunk');
        this.make('maren/dotfiles', 'main');
    }

    make(name, branch) {
        const repository = path.join(this.root, `${name}.git`);
        mkdirSync(repository, { recursive: true });
        execFileSync('git', ['init', '--quiet', '--bare', `--initial-branch=${branch}`, repository]);
        const input = COMMIT.replace('BRANCH', branch);
        execFileSync('git', ['-C', repository, 'fast-import', '--quiet'], { input });
    }

    serves(path) {
        return SERVED.test(path);
    }

    async serve(target, search, request, response) {
        const by = basic(request);
        const token = await this.oauth.token(by?.password);
        if (!token?.scopes.includes(this.scope)) {
            response.writeHead(401, {
                'WWW-Authenticate': `Basic realm="${this.realm}"`,
                'Content-Type': 'text/plain',
            });
            response.end('HTTP Basic: Access denied\n');
            return;
        }
        const backend = spawn('git', ['http-backend'], {
            stdio: ['pipe', 'pipe', 'inherit'],
            env: {
                PATH: process.env.PATH,
                GIT_PROJECT_ROOT: this.root,
                GIT_HTTP_EXPORT_ALL: '1',
                // Whoever the folder belongs to.
                GIT_CONFIG_COUNT: '1',
                GIT_CONFIG_KEY_0: 'safe.directory',
                GIT_CONFIG_VALUE_0: '*',
                GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
                PATH_INFO: target,
                QUERY_STRING: search.slice(1),
                REQUEST_METHOD: request.method,
                CONTENT_TYPE: request.headers['content-type'] ?? '',
                HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
                REMOTE_USER: token.login,
            },
        });
        request.pipe(backend.stdin);
        await answer(backend.stdout, response);
    }
}

// What a CGI program says (RFC 3875 section 6) becomes an answer.
async function answer(output, response) {
    let head = Buffer.alloc(0);
    let begun = false;
    for await (const part of output) {
        if (begun) {
            response.write(part);
            continue;
        }
        head = Buffer.concat([head, part]);
        const end = head.indexOf('\r\n\r\n');
        if (end >= 0) {
            begun = true;
            const fields = head
                .subarray(0, end)
                .toString()
                .split('\r\n')
                .map((line) => line.split(/: (.*)/));
            const status = fields.find(([name]) => name === 'Status')?.[1] ?? '200';
            response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields.map(([k, v]) => [k, v])));
            response.write(head.subarray(end + 4));
        }
    }
    response.end();
}
