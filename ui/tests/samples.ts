/** People, places and devices of the tests. */

import type { Activity } from '$bindings/Activity';
import type { ChosenPicture } from '$bindings/ChosenPicture';
import type { Instance } from '$bindings/Instance';
import type { Place } from '$bindings/Place';
import type { Profile } from '$bindings/Profile';
import type { ServerFound } from '$bindings/ServerFound';
import type { Session } from '$bindings/Session';
import type { TwoFactorSetupView } from '$bindings/TwoFactorSetupView';

export const northwind: ServerFound = {
    origin: 'https://accounts.northwind.example',
    name: 'Northwind',
    version: '4.2',
    sign_up: 'open',
    transport: 'tls',
};

export const localPlace: Place = { id: 'local', name: 'This computer', host: null, transport: 'local' };
export const northwindPlace: Place = placeOf(northwind);

export function placeOf({ origin, name, transport }: ServerFound): Place {
    return { id: origin, name, host: origin.replace(/^https?:\/\//u, ''), transport };
}

export function instance(name: string): Instance {
    return {
        name,
        version: '4.2',
        sign_up: 'open',
        two_factor: 'optional',
        password: { min_length: 12, min_score: 3 },
        registry: null,
        api_key_max_days: null,
        integrations: [],
        mail: false,
    };
}

export function profile(): Profile {
    return {
        id: '0193a1b2-0000-7000-8000-000000000001',
        username: 'maren',
        name: 'Maren Oyelaran',
        email: 'maren@northwind.example',
        pending_email: null,
        location: 'Bergen, Norway',
        bio: 'Platform engineer at Northwind. Looks after build pipelines, container registries and too many house plants.',
        avatar: { url: '/v1/users/maren/avatar', custom: false },
        two_factor_enabled: false,
        created_at: '2026-01-12T09:00:00Z',
        updated_at: '2026-11-09T14:02:00Z',
    };
}

const HOUR = 3_600_000;
const before = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

export function session(id: string, more: Partial<Session> = {}): Session {
    return {
        id,
        current: false,
        browser: 'Firefox',
        browser_version: '147',
        operating_system: 'macOS',
        model: 'MacBook Pro',
        ip_address: '198.51.100.7',
        engine: 'Gecko 147',
        cpu_architecture: 'arm64',
        created_at: before(500),
        last_authentication_at: before(120),
        last_modified_at: before(26),
        expires_at: before(-300),
        ...more,
    };
}

export function sessions(): Session[] {
    return [
        session('current', {
            current: true,
            browser: 'Latchkey',
            browser_version: '1.4',
            operating_system: 'Fedora Linux 43',
            model: 'ThinkPad X1 Carbon',
            ip_address: '192.0.2.44',
            engine: 'WebKit 622.1',
            cpu_architecture: 'amd64',
            last_modified_at: before(0.1),
            last_authentication_at: before(2),
        }),
        session('firefox'),
        session('safari', {
            browser: 'Safari',
            browser_version: '26',
            operating_system: 'iOS',
            model: 'iPhone',
            ip_address: '203.0.113.19',
            engine: 'WebKit 622.1',
            last_modified_at: before(72),
        }),
        session('unknown', {
            browser: 'curl',
            browser_version: '8.11',
            operating_system: null,
            model: null,
            ip_address: '192.0.2.80',
            engine: null,
            cpu_architecture: null,
            last_modified_at: before(144),
        }),
    ];
}

/** Hills at dusk. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 900" width="1200" height="900"><defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#7fa5ac"/><stop offset=".5" stop-color="#efb98b"/></linearGradient></defs><path fill="url(#s)" d="M0 0h1200v900H0z"/><circle cx="660" cy="400" r="60" fill="#fff6e2"/><path fill="#c99f8c" d="M0 520 270 494 420 374 620 426 750 522 964 452 1200 546v354H0z"/><path fill="#7a7a84" d="M0 600 300 690 470 570 730 616 890 700 1200 694v206H0z"/><path fill="#324a4c" d="M0 680c200-40 420 60 640-10s360 60 560 20v210H0z"/></svg>`;

export function picture(): ChosenPicture {
    return {
        id: 'picture-1',
        file_name: 'hills.jpg',
        width: 4000,
        height: 3000,
        preview: `data:image/svg+xml,${encodeURIComponent(drawing)}`,
    };
}

function event(id: number, hours: number, more: Pick<Activity, 'kind' | 'category'> & Partial<Activity>): Activity {
    return {
        id: `0193a1b2-0000-7000-8000-0000000001${String(id).padStart(2, '0')}`,
        at: before(hours),
        ip_address: '198.51.100.7',
        session_id: 'current',
        device: 'Latchkey on Fedora Linux 43',
        current_session: true,
        details: {},
        ...more,
    };
}

const elsewhere = { session_id: 'firefox', device: 'Firefox on macOS', current_session: false };

/** The newest first. */
export function activity(): Activity[] {
    return [
        event(1, 0.2, { kind: 'signed_in', category: 'sign_in' }),
        event(2, 0.3, {
            kind: 'wrong_password',
            category: 'sign_in',
            ip_address: '203.0.113.19',
            session_id: null,
            device: 'Chrome on Windows',
            current_session: false,
        }),
        event(3, 3, { kind: 'profile_updated', category: 'profile', details: { fields: ['location', 'bio'] } }),
        event(4, 26, {
            kind: 'session_closed',
            category: 'sign_in',
            details: { device: 'Safari on iOS 18.1' },
        }),
        event(5, 27, { kind: 'password_changed', category: 'password', ...elsewhere }),
        event(6, 50, { kind: 'two_factor_enabled', category: 'two_factor', ...elsewhere }),
        event(7, 51, { kind: 'backup_codes_generated', category: 'two_factor', ...elsewhere }),
        event(8, 74, { kind: 'signed_in_with_backup_code', category: 'sign_in', details: { remaining: 7 } }),
        event(9, 98, { kind: 'avatar_changed', category: 'profile', ...elsewhere }),
        event(10, 220, {
            kind: 'email_changed',
            category: 'profile',
            details: { email: 'maren@northwind.example' },
        }),
        event(11, 400, { kind: 'sessions_closed', category: 'sign_in', details: { count: 3 } }),
        event(12, 800, { kind: 'account_created', category: 'account' }),
    ];
}

/** Ten codes of the form `xxxxx-xxxxx`, different ones for each set. */
export function backupCodes(set: number): string[] {
    const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
    let state = 7919 * (set + 1);
    const letter = () => {
        state = (state * 48_271) % 2_147_483_647;
        return letters[state % letters.length] ?? 'a';
    };
    const half = () => Array.from({ length: 5 }, letter).join('');
    return Array.from({ length: 10 }, () => `${half()}-${half()}`);
}

const MODULES = 41;

/** Looks like a QR code of version 4 with its margin, and says nothing. */
function qr(): string {
    const size = MODULES - 8;
    const dark: string[] = [];
    const finder = (x: number, y: number) => {
        const inside = (left: number, top: number) => x >= left && x < left + 7 && y >= top && y < top + 7;
        for (const [left, top] of [
            [0, 0],
            [size - 7, 0],
            [0, size - 7],
        ] as const) {
            if (!inside(left, top)) continue;
            const ring = Math.max(Math.abs(x - left - 3), Math.abs(y - top - 3));
            return ring === 3 || ring < 2;
        }
        return null;
    };
    for (let y = 0; y < size; y += 1) {
        for (let x = 0; x < size; x += 1) {
            if (finder(x, y) ?? (x * 7 + y * 13 + x * y * 3) % 5 < 2) dark.push(`M${x + 4} ${y + 4}h1v1h-1z`);
        }
    }
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${MODULES} ${MODULES}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${MODULES}v${MODULES}H0z"/><path d="${dark.join('')}"/></svg>`;
}

export function setup(): TwoFactorSetupView {
    return {
        qr: { svg: qr(), modules: MODULES },
        manual_code: ['JBSW', 'Y3DP', 'EHPK', '3PXP', 'K4TC', 'Q2LM', '7WVN', 'XA5R'],
        otpauth_uri: 'otpauth://totp/Northwind:maren?secret=JBSWY3DPEHPK3PXPK4TCQ2LM7WVNXA5R&issuer=Northwind',
        expires_at: before(-0.25),
    };
}
