import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { fileURLToPath } from 'node:url';
import type { Alias, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The module that stands for the desktop shell, by mode; every mode but `fake` and `test` gets the real one. */
const hosts: Record<string, string> = {
    fake: './tests/fake-page.ts',
    test: './tests/host.ts',
};

function aliases(mode: string): Alias[] {
    const host = hosts[mode];
    return [
        ...(host ? [{ find: /^\$lib\/host$/, replacement: here(host) }] : []),
        { find: '$bindings', replacement: here('./src/bindings') },
        { find: '$components', replacement: here('./src/components') },
        { find: '$features', replacement: here('./src/features') },
        { find: '$lib', replacement: here('./src/lib') },
        { find: '$words', replacement: here('./src/words') },
    ];
}

/** Stops a build for people that would carry anything of the tests, the fake host above all. */
function withoutTests(mode: string): Plugin {
    return {
        name: 'latchkey:without-tests',
        generateBundle(_options, bundle) {
            const tests = here('./tests/');
            for (const file of Object.values(bundle)) {
                const strays = file.type === 'chunk' ? file.moduleIds.filter((id) => id.startsWith(tests)) : [];
                if (mode !== 'fake' && strays.length > 0) this.error(`part of the tests: ${strays.join(', ')}`);
            }
        },
    };
}

/**
 * Writes what is no ASCII as escapes, wherever that is shorter in memory: the web view holds a script in two bytes for each
 * character as soon as one of them is beyond Latin-1.
 */
function inAscii(): Plugin {
    return {
        name: 'latchkey:in-ascii',
        generateBundle(_options, bundle) {
            for (const file of Object.values(bundle)) {
                if (file.type !== 'chunk') continue;
                const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
                const escaped = file.code.replace(/[^\0-\x7f]/g, escape);
                if (escaped.length < 2 * file.code.length) file.code = escaped;
            }
        },
    };
}

export default defineConfig(({ mode }) => ({
    plugins: [svelte(), withoutTests(mode), inAscii(), ...(mode === 'test' ? [svelteTesting()] : [])],
    resolve: { alias: aliases(mode) },
    // The content security policy allows files of the app alone: no inline script, no data: font.
    build: {
        target: 'safari16',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        outDir: 'dist',
        emptyOutDir: true,
    },
    // The licences that About shows stand beside this folder.
    server: { host: '127.0.0.1', port: 1420, strictPort: true, fs: { allow: ['..'] } },
    clearScreen: false,
    test: {
        environment: 'jsdom',
        // One environment for all files: making a new one takes longer than most of them.
        isolate: false,
        testTimeout: 30_000,
        setupFiles: ['tests/setup.ts'],
        include: ['tests/**/*.test.ts'],
    },
}));
