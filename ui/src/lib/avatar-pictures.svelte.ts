import { createContext } from 'svelte';
import type { ProfileView } from '$bindings/ProfileView';
import type { Session } from './session.svelte';

/** Pixels a side in which the service keeps avatars. */
export type AvatarSize = 64 | 128 | 512;

/**
 * The person's own avatar in the sizes in use, read once a version of the profile. While a new one is on its way the
 * old one stays; where it cannot be read, the initials do.
 */
export class AvatarPictures {
    #pictures = $state.raw<Partial<Record<AvatarSize, string | null>>>({});
    /** What was seen before, until the server is reached; the largest comes last. */
    readonly #saved: readonly string[] = [];
    readonly #asked = new Map<AvatarSize, string>();
    readonly #session: Session;

    constructor(session: Session) {
        this.#session = session;
        const { saved } = session;
        if (saved?.profile?.value.profile.avatar.custom) this.#saved = Object.values(saved.avatar);
    }

    /** The picture as a `data:` URL; null for the initials. */
    picture(size: AvatarSize): string | null {
        const picture = this.#pictures[size];
        return picture === undefined ? (this.#saved.at(-1) ?? null) : picture;
    }

    /** Reads the picture of a profile unless that was done. */
    async load(size: AvatarSize, view: ProfileView): Promise<void> {
        const version = `${view.profile.id} ${view.etag}`;
        if (this.#asked.get(size) === version) return;
        this.#asked.set(size, version);
        const picture = await this.#read(size, view);
        // A newer version may have been asked for meanwhile.
        if (this.#asked.get(size) === version) this.#pictures = { ...this.#pictures, [size]: picture };
    }

    async #read(size: AvatarSize, view: ProfileView): Promise<string | null> {
        if (!view.profile.avatar.custom) return null;
        try {
            return await this.#session.ask('get_avatar', { size });
        } catch {
            this.#asked.delete(size);
            return this.picture(size);
        }
    }
}

export const [getAvatarPictures, setAvatarPictures] = createContext<AvatarPictures>();
