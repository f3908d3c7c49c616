import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Imports go one way: words <- lib <- components <- features <- App. */
const forbid = (...patterns) => ['error', { patterns: [shell, ...patterns] }];
const shell = { group: ['@tauri-apps/*'], message: 'Only src/lib/host.ts talks to the desktop shell.' };
const features = { group: ['$features/*', '**/features/*'], message: 'A feature is known to App alone.' };
const components = { group: ['$components/*', '**/components/*'], message: 'lib knows no components.' };
const lib = { group: ['$lib/*', '**/lib/*'], message: 'Words know nothing of what says them.' };

export default ts.config(
    { ignores: ['dist', 'node_modules', 'src/bindings'] },
    js.configs.recommended,
    ...ts.configs.strictTypeChecked,
    ...svelte.configs.recommended,
    {
        languageOptions: {
            globals: globals.browser,
            parserOptions: {
                projectService: { allowDefaultProject: ['eslint.config.js', 'svelte.config.js'] },
                tsconfigRootDir: import.meta.dirname,
                extraFileExtensions: ['.svelte'],
            },
        },
        rules: {
            'no-restricted-imports': forbid(),
            eqeqeq: 'error',
            'no-console': 'error',
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            // Handlers start things and need not wait for them; what can fail is caught where it is started.
            '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
        },
    },
    {
        files: ['**/*.svelte', '**/*.svelte.ts'],
        languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
        rules: {
            // Reactive values are replaced whole ($state.raw), so that a plain Set, Map or Date in one is enough.
            'svelte/prefer-svelte-reactivity': 'off',
            // ESLint sees `any` where a snippet gets its parameters; svelte-check knows their types and checks them.
            '@typescript-eslint/no-unsafe-argument': 'off',
            '@typescript-eslint/no-unsafe-call': 'off',
        },
    },
    {
        files: ['src/components/**'],
        rules: { 'no-restricted-imports': forbid(features) },
    },
    {
        files: ['src/lib/**'],
        rules: { 'no-restricted-imports': forbid(features, components) },
    },
    {
        files: ['src/words/**'],
        rules: { 'no-restricted-imports': forbid(features, components, lib) },
    },
    {
        files: ['src/lib/host.ts'],
        rules: { 'no-restricted-imports': 'off' },
    },
    {
        files: ['tests/host.test.ts'],
        rules: { 'no-restricted-imports': 'off' },
    },
    {
        files: ['**/*.js'],
        extends: [ts.configs.disableTypeChecked],
    },
    {
        files: ['public/*.js'],
        languageOptions: { sourceType: 'script' },
    },
);
