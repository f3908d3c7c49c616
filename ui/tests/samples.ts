/** People, places and devices of the tests. */

import type { ChosenPicture } from '$bindings/ChosenPicture';
import type { Instance } from '$bindings/Instance';
import type { Place } from '$bindings/Place';
import type { Profile } from '$bindings/Profile';
import type { ServerFound } from '$bindings/ServerFound';
import type { Session } from '$bindings/Session';

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
        integrations: [],
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
