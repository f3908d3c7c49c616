/** The words of the shell: what it says itself, outside of the page, in the page's language. */

import type { NativeWords } from '$bindings/NativeWords';
import type { Section } from '$bindings/Section';
import { language, words } from '$words/words.svelte';
import { call } from '$lib/host';

/** Backup codes of a set: there is a sentence for each number of them that can be left. */
const BACKUP_CODES = 10;

/** What has the shell speak the language in use, whenever it is called. Where that fails it stays with the words before. */
export function handingOverWords(): () => void {
    // It begins with English (NativeWords::default).
    let spoken: string | null = 'en';
    return () => {
        const { code } = language;
        if (code === spoken) return;
        spoken = code;
        call('use_words', nativeWords()).catch(() => (spoken = null));
    };
}

/** The sentences of the shell in the language in use, with `{name}` for what it fills in. */
export function nativeWords(): NativeWords {
    const { notices, backupCodes, redirect, tray, ...said } = words.native;
    const { sections } = words.shell;
    return {
        language: language.code === 'pseudo' ? 'en' : language.code,
        right_to_left: language.direction === 'rtl',
        // A dialog is titled as the button that opens it.
        dialogs: {
            select_image: words.profile.avatar.choose,
            choose_file: words.sshKeys.here.chooseFile,
            choose_folder: said.chooseFolder,
            save_activity: said.saveActivity,
            save_export: said.saveExport,
            save_backup_codes: words.twoFactor.saving.download,
            pictures: said.pictures,
            public_keys: said.publicKeys,
            text_files: said.textFiles,
            json_documents: said.jsonDocuments,
            all_files: said.allFiles,
        },
        notices: {
            open: notices.open,
            new_sign_in: notices.newSignIn('{server}'),
            new_sign_in_here: notices.newSignInHere,
            not_yours: notices.notYours('{device}', '{address}'),
            unknown_device: words.sessions.device.unknown,
            this_computer: notices.thisComputer,
            not_you: notices.notYou,
            look_at_sessions: notices.lookAtSessions,
            codes_left: Array.from({ length: BACKUP_CODES + 1 }, (_, codes) => words.components.backupCodesLeft(codes)),
            generate_before_you_run_out: notices.generateBeforeYouRunOut,
            generate_in_case: notices.generateInCase,
            generate: notices.generate,
        },
        backup_codes: {
            title: backupCodes.title,
            account: backupCodes.account('{username}'),
            server: backupCodes.server('{server}'),
            this_computer: words.components.thisComputer,
            created: backupCodes.created('{day}', '{month}', '{year}', '{time}'),
            months: months(language.locale),
            how: backupCodes.how,
        },
        redirect,
        tray: {
            ...tray,
            sections: {
                password: sections.password,
                'two-factor': sections.twoFactor,
                'api-keys': sections.apiKeys,
                sessions: sections.sessions,
                'check-up': sections.checkUp,
                'ssh-keys': sections.sshKeys,
                'source-code': sections.sourceCode,
                registries: sections.registries,
                activity: sections.activity,
                delete: sections.deleteAccount,
            } satisfies Record<Section, string>,
        },
    };
}

/** The months as they are written beside a day. */
function months(locale: string): string[] {
    const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' });
    const name = (month: number) => format.formatToParts(Date.UTC(2026, month, 1)).find(({ type }) => type === 'month');
    return Array.from({ length: 12 }, (_, month) => name(month)?.value ?? String(month + 1));
}
