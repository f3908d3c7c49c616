import type { AvatarProgress } from '$bindings/AvatarProgress';
import type { ChosenPicture } from '$bindings/ChosenPicture';
import type { CropSquare } from '$bindings/CropSquare';
import type { Failure } from '$bindings/Failure';
import type { PictureDrag } from '$bindings/PictureDrag';
import type { ProfileView } from '$bindings/ProfileView';
import { call, listen } from '$lib/host';
import { asRefusal } from '$lib/refusal';
import type { Session } from '$lib/session.svelte';

/** A change of the avatar: a picture is chosen, dropped or pasted, then cropped, then sent. */
export class AvatarChange {
    /** The picture that is being cropped. */
    picture = $state.raw<ChosenPicture | null>(null);
    /** Why there is none, or why it was not taken; the old avatar is still there. */
    failure = $state.raw<Failure | null>(null);
    /** Whether a file hangs over the window. */
    hovering = $state(false);
    /** Whether the native picker is open, or the clipboard is being read. */
    choosing = $state(false);
    /** How far the upload is; null while none is running. */
    progress = $state.raw<AvatarProgress | null>(null);
    /** Whether the avatar is being removed. */
    removing = $state(false);

    readonly #session: Session;
    readonly #changed: (profile: ProfileView, what: 'replaced' | 'removed') => void;

    /** `changed` is called when the service has taken the new avatar. */
    constructor(session: Session, changed: (profile: ProfileView, what: 'replaced' | 'removed') => void) {
        this.#session = session;
        this.#changed = changed;
    }

    /** Hears of files over the window until the returned function is called. */
    follow(): () => void {
        const stopping = [
            listen('picture_drag', (drag) => this.#dragged(drag)),
            listen('avatar_progress', (progress) => {
                if (this.progress) this.progress = progress;
            }),
        ];
        return () => {
            for (const stop of stopping) void stop.then((call) => call());
            this.drop();
        };
    }

    /** Opens the native picker. */
    async choose(): Promise<void> {
        await this.#take(() => call('choose_picture', {}));
    }

    /** Takes the picture on the clipboard. */
    async paste(): Promise<void> {
        await this.#take(() => call('paste_picture', {}));
    }

    /** Lets go of the picture. */
    drop(): void {
        const picture = this.picture;
        this.picture = null;
        this.failure = null;
        if (picture) this.#discard(picture);
    }

    /** Crops and sends. Afterwards the picture is gone, or `failure` says why not and it can be tried again. */
    async use(crop: CropSquare): Promise<void> {
        const picture = this.picture;
        if (!picture || this.progress) return;
        this.failure = null;
        this.progress = { step: 'preparing', sent: 0, total: 0 };
        try {
            const profile = await this.#session.ask('use_picture', { id: picture.id, crop });
            this.picture = null;
            this.#changed(profile, 'replaced');
        } catch (cause) {
            const refusal = asRefusal(cause);
            if (refusal.code === 'picture_gone') this.picture = null;
            if (refusal.code !== 'cancelled') this.failure = refusal;
        } finally {
            this.progress = null;
        }
    }

    /** Stops the upload; the picture stays to be tried again. */
    cancel(): void {
        // The answer of `use_picture` says how it ended.
        call('cancel_upload', {}).catch(() => undefined);
    }

    async remove(): Promise<void> {
        if (this.removing) return;
        this.failure = null;
        this.removing = true;
        try {
            this.#changed(await this.#session.ask('remove_avatar', {}), 'removed');
        } catch (cause) {
            this.failure = asRefusal(cause);
        } finally {
            this.removing = false;
        }
    }

    async #take(get: () => Promise<ChosenPicture | null>): Promise<void> {
        if (this.choosing || this.picture) return;
        this.failure = null;
        this.choosing = true;
        try {
            this.picture = await get();
        } catch (cause) {
            this.failure = asRefusal(cause);
        } finally {
            this.choosing = false;
        }
    }

    #dragged(drag: PictureDrag): void {
        this.hovering = drag.step === 'over' && this.picture === null;
        if (drag.step === 'dropped') {
            // Whoever is cropping one picture is not interrupted by another.
            if (this.picture) this.#discard(drag.picture);
            else {
                this.failure = null;
                this.picture = drag.picture;
            }
        } else if (drag.step === 'refused' && this.picture === null) {
            this.failure = drag.failure;
        }
    }

    #discard({ id }: ChosenPicture): void {
        call('discard_picture', { id }).catch(() => undefined);
    }
}
