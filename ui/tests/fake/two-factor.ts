/** Two-factor authentication and backup codes. */

import type { BackupCodesView } from '$bindings/BackupCodesView';
import type { FakeHost } from '../fake-host';
import * as sample from '../samples';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'get_two_factor'
    | 'start_two_factor'
    | 'get_expected_code'
    | 'verify_two_factor'
    | 'disable_two_factor'
    | 'generate_backup_codes'
    | 'confirm_backup_codes'
    | 'check_backup_code'
    | 'save_backup_codes'
    | 'print_page'
>;

export function twoFactorHandlers(host: FakeHost): Part {
    let begun = false;
    let made = 0;
    let pending: { set_id: string; codes: string[] } | null = null;

    const required = () => host.instance?.two_factor === 'required';

    const view = (set_id: string | null, codes: string[]): BackupCodesView => ({
        set_id,
        codes,
        username: host.profile.username,
        server: [host.place?.name, host.place?.host && `(${host.place.host})`].filter(Boolean).join(' '),
        created_at: new Date().toISOString(),
    });

    /** Switching it on or off signs the other devices out. */
    function turn(on: boolean) {
        host.sessions = host.sessions.filter(({ current }) => current);
        host.write({ two_factor_enabled: on });
    }

    return {
        get_two_factor: () => {
            const enabled = host.profile.two_factor_enabled;
            const remaining = enabled ? host.backupCodes.length : 0;
            return {
                enabled,
                enabled_at: enabled ? host.twoFactorSince : null,
                required_by_policy: required(),
                can_disable: enabled && !required(),
                backup_codes_remaining: remaining,
                backup_codes_low: enabled && remaining <= 3,
                backup_codes_created_at: enabled ? host.backupCodesSince : null,
            };
        },
        start_two_factor: () => {
            host.needFresh();
            if (host.profile.two_factor_enabled) throw refusal('conflict');
            begun = true;
            return sample.setup();
        },
        get_expected_code: () => {
            if (host.profile.two_factor_enabled) throw refusal('conflict');
            return { code: host.totp, seconds_left: host.codeLasts, clock_ahead: host.clockAhead };
        },
        verify_two_factor: ({ code }) => {
            if (!begun || host.profile.two_factor_enabled) throw refusal('conflict');
            if (code !== host.totp) throw badField('code', 'incorrect', { clock_offset: host.clockOffset });
            begun = false;
            made += 1;
            host.backupCodes = sample.backupCodes(made);
            host.twoFactorSince = host.backupCodesSince = new Date().toISOString();
            turn(true);
            return view(null, host.backupCodes);
        },
        disable_two_factor: () => {
            if (required()) throw refusal('required_by_policy');
            host.needFresh();
            if (!host.profile.two_factor_enabled) throw refusal('conflict');
            host.backupCodes = [];
            turn(false);
            return null;
        },
        generate_backup_codes: () => {
            host.needFresh();
            if (!host.profile.two_factor_enabled) throw refusal('conflict');
            made += 1;
            pending = { set_id: `0193a1b2-0000-7000-8000-00000000000${made}`, codes: sample.backupCodes(made) };
            return view(pending.set_id, pending.codes);
        },
        confirm_backup_codes: ({ set_id }) => {
            if (pending?.set_id !== set_id) throw refusal('not_found');
            host.backupCodes = pending.codes;
            host.backupCodesSince = new Date().toISOString();
            return null;
        },
        check_backup_code: ({ backup_code }) => {
            if (!host.profile.two_factor_enabled) throw refusal('conflict');
            const given = backup_code.replace(/[\s-]/gu, '').toLowerCase();
            const among = (codes: string[]) => codes.some((one) => one.replace('-', '') === given);
            if (among(host.backupCodes)) return { state: 'works' };
            return { state: among(host.usedBackupCodes) ? 'used' : 'unknown' };
        },
        save_backup_codes: ({ codes }) => {
            if (host.folder === null) return null;
            host.file = codes.join('\n');
            return { name: `latchkey-backup-codes-${host.profile.username}.txt`, folder: host.folder };
        },
        print_page: () => null,
    };
}
