/** The way in: places, signing in with one or two factors, a forgotten password. */

import type { FakeHost } from '../fake-host';
import * as sample from '../samples';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'show_window'
    | 'get_view'
    | 'retry'
    | 'check_server'
    | 'choose_place'
    | 'forget_place'
    | 'rate_password'
    | 'create_account'
    | 'sign_in'
    | 'verify_second_factor'
    | 'leave_second_factor'
    | 'request_password_reset'
    | 'reset_password'
    | 'sign_out'
    | 'switch_account'
    | 'add_account'
>;

export function entryHandlers(host: FakeHost): Part {
    const known = (login: string) => login === host.profile.username || login === host.profile.email;
    return {
        show_window: () => null,
        get_view: () => host.view(),
        retry: () => host.view(),
        check_server: ({ address }) => {
            const origin = /^https?:/u.test(address) ? address : `https://${address}`;
            const found = host.servers.find((server) => server.origin === origin.replace(/\/+$/u, ''));
            if (!/^https?:\/\/[\w.:-]+\/*$/u.test(origin)) throw refusal('address_invalid');
            if (!found) throw refusal('offline');
            return found;
        },
        choose_place: ({ id, accept_plain }) => {
            if (id === 'local') return host.at(sample.localPlace).view();
            const place =
                host.places.find((one) => one.id === id) ??
                host.servers.filter((server) => server.origin === id).map(sample.placeOf)[0];
            if (!place) throw refusal('offline');
            if (place.transport === 'plain' && !accept_plain) throw refusal('address_insecure');
            return host.at(place).view();
        },
        forget_place: ({ id }) => {
            host.places = host.places.filter((place) => place.id !== id);
            host.accounts = host.accounts.filter((account) => account.place !== id);
            if (host.place?.id === id) {
                host.place = host.places[0] ?? null;
                host.phase = host.place ? { name: 'signed_out', reason: null, login: null } : { name: 'first_run' };
            }
            return host.view();
        },
        rate_password: ({ password, identity }) => {
            const like = identity.some((part) => part.length > 2 && password.includes(part));
            const score = like ? 1 : Math.min(4, Math.floor(new Set(password).size / 3));
            return { score, common: password === 'trustno1trustno1' };
        },
        create_account: ({ username, email, name, password }) => {
            if (username === 'taken') throw badField('username', 'taken');
            host.profile = { ...sample.profile(), username, email, name, bio: null, location: null };
            host.password = password;
            return host.enter().view();
        },
        sign_in: ({ login, password }) => {
            if (!known(login) || password !== host.password) throw refusal('invalid_credentials');
            if (host.profile.two_factor_enabled) {
                host.phase = { name: 'second_factor', login, methods: ['totp', 'backup_code'] };
                return host.view();
            }
            return host.enter().view();
        },
        verify_second_factor: ({ code, backup_code }) => {
            if (host.phase.name !== 'second_factor') throw refusal('transaction_ended');
            host.proveSecondFactor(code, backup_code);
            const remaining = host.backupCodes.length;
            return host
                .enter({
                    by_backup_code: backup_code !== undefined,
                    backup_codes_remaining: remaining,
                    alerts: remaining <= 3 ? ['backup_codes_low'] : [],
                })
                .view();
        },
        leave_second_factor: () => {
            const login = host.phase.name === 'second_factor' ? host.phase.login : null;
            host.phase = { name: 'signed_out', reason: null, login };
            return host.view();
        },
        request_password_reset: () => {
            if (!host.mail) throw refusal('not_found');
            return null;
        },
        reset_password: ({ login, code, new_password, second_factor_code, backup_code }) => {
            if (!host.mail) throw refusal('not_found');
            if (!known(login) || code !== host.mailedCode) throw badField('code', 'incorrect');
            if (host.profile.two_factor_enabled) {
                if (second_factor_code === undefined && backup_code === undefined) {
                    throw refusal('second_factor_required', { methods: ['totp', 'backup_code'] });
                }
                host.proveSecondFactor(second_factor_code, backup_code);
            }
            host.password = new_password;
            host.passwordChangedAt = new Date().toISOString();
            host.phase = { name: 'signed_out', reason: null, login };
            return host.view();
        },
        sign_out: () => {
            host.accounts = host.accounts.filter(({ current }) => !current);
            host.phase = { name: 'signed_out', reason: null, login: host.profile.username };
            return host.view();
        },
        switch_account: ({ place, username }) => {
            const account = host.accounts.find((one) => one.place === place && one.username === username);
            if (!account) throw refusal('not_found');
            host.at(host.places.find(({ id }) => id === place) ?? sample.localPlace);
            host.profile = { ...sample.profile(), id: `id-${username}`, username, name: account.name };
            return host.enter().view();
        },
        add_account: () => {
            host.accounts = host.accounts.map((account) => ({ ...account, current: false }));
            host.phase = { name: 'signed_out', reason: null, login: null };
            return host.view();
        },
    };
}
