/** The profile and its picture. */

import type { ProfileView } from '$bindings/ProfileView';
import type { FakeHost } from '../fake-host';
import { badField, refusal, type Handlers } from './answers';

type Part = Pick<
    Handlers,
    | 'get_profile'
    | 'update_profile'
    | 'confirm_email'
    | 'cancel_email_change'
    | 'get_avatar'
    | 'choose_picture'
    | 'paste_picture'
    | 'discard_picture'
    | 'use_picture'
    | 'cancel_upload'
    | 'remove_avatar'
>;

export function profileHandlers(host: FakeHost): Part {
    let cancelled = false;
    const stopped = () => cancelled;

    async function upload(): Promise<ProfileView> {
        cancelled = false;
        const total = 96_000;
        const pause = () => new Promise((resolve) => setTimeout(resolve, host.latency / 4));
        for (let sent = 0; sent <= total; sent += 12_000) {
            host.emit('avatar_progress', { step: 'uploading', sent, total });
            await pause();
            if (stopped()) throw refusal('cancelled');
        }
        host.emit('avatar_progress', { step: 'finishing', sent: total, total });
        await pause();
        host.avatar = host.picture?.preview ?? null;
        return host.write({ avatar: { ...host.profile.avatar, custom: true } });
    }

    return {
        get_profile: () => host.profileView(),
        update_profile: ({ etag, patch }) => {
            const { email, ...rest } = patch;
            if (etag !== host.profileView().etag) throw refusal('stale');
            if (email === 'taken@example.com') throw badField('email', 'taken');
            if (email === undefined || email === host.profile.email) return host.write(rest);
            host.needFresh();
            return host.write(host.mail ? { ...rest, pending_email: email } : patch);
        },
        confirm_email: ({ code }) => {
            const { pending_email } = host.profile;
            if (pending_email === null) throw refusal('conflict');
            if (code !== host.mailedCode) throw badField('code', 'incorrect');
            return host.write({ email: pending_email, pending_email: null });
        },
        cancel_email_change: () => host.write({ pending_email: null }),
        get_avatar: () => host.avatar,
        choose_picture: () => host.picture,
        paste_picture: () => {
            if (!host.picture) throw refusal('clipboard_empty');
            return host.picture;
        },
        discard_picture: () => null,
        use_picture: () => upload(),
        cancel_upload: () => {
            cancelled = true;
            return null;
        },
        remove_avatar: () => {
            host.avatar = null;
            return host.write({ avatar: { ...host.profile.avatar, custom: false } });
        },
    };
}
