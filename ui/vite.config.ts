import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { fileURLToPath } from 'node:url';
import type { Alias } from 'vite';
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
    ];
}

export default defineConfig(({ mode }) => ({
    plugins: [svelte(), ...(mode === 'test' ? [svelteTesting()] : [])],
    resolve: { alias: aliases(mode) },
    // The content security policy allows files of the app alone: no inline script, no data: font.
    build: {
        target: 'safari16',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        outDir: 'dist',
        emptyOutDir: true,
    },
    server: { host: '127.0.0.1', port: 1420, strictPort: true },
    clearScreen: false,
    test: {
        environment: 'jsdom',
        setupFiles: ['tests/setup.ts'],
        include: ['tests/**/*.test.ts'],
    },
}));
