import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { failureOf } from '$lib/refusal';
import { refusal, type FakeHost } from './fake-host';
import { openApp } from './open-app';
import { picture } from './samples';

async function edit(prepare: (host: FakeHost) => void = () => undefined) {
    const app = openApp((host) => {
        prepare(host);
        host.signedIn();
    });
    await app.user.click(await screen.findByRole('button', { name: 'Edit profile' }));
    return app;
}

async function crop(prepare?: (host: FakeHost) => void) {
    const app = await edit(prepare);
    await app.user.click(screen.getByRole('button', { name: 'Select Image' }));
    const dialog = await screen.findByRole('dialog', { name: 'Crop avatar' });
    return { ...app, dialog, stage: within(dialog).getByRole('application') };
}

const withAvatar = (host: FakeHost) => {
    host.avatar = picture().preview;
    host.profile = { ...host.profile, avatar: { ...host.profile.avatar, custom: true } };
};

describe('choosing', () => {
    test('a cancelled picker changes nothing', async () => {
        const { host, user } = await edit((fresh) => (fresh.picture = null));
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        await waitFor(() => expect(host.asked('choose_picture')).toHaveLength(1));
        expect(screen.queryByRole('dialog')).toBeNull();
        expect(screen.queryByRole('alert')).toBeNull();
    });

    test('a refused picture says why beside the old avatar', async () => {
        const { host, user } = await edit(withAvatar);
        host.refuse('choose_picture', refusal('invalid_image', { detail: 'The file is not a picture.' }));
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The file is not a picture.');
        expect(document.querySelector('main .ava img')).not.toBeNull();
    });

    test('a dropped file outlines the page first and is cropped then', async () => {
        const { host } = await edit();
        host.emit('picture_drag', { step: 'over' });
        expect(await screen.findByText('Drop the picture to use it as your avatar')).toBeVisible();
        host.emit('picture_drag', { step: 'left' });
        await waitFor(() => expect(screen.queryByText(/^Drop the picture/u)).toBeNull());
        host.emit('picture_drag', { step: 'dropped', picture: picture() });
        expect(await screen.findByRole('dialog', { name: 'Crop avatar' })).toBeVisible();
    });

    test('a dropped file that is no picture says why', async () => {
        const { host } = await edit();
        host.emit('picture_drag', {
            step: 'refused',
            failure: failureOf('file_unreadable', 'notes.txt cannot be read.'),
        });
        expect(await screen.findByRole('alert')).toHaveTextContent('notes.txt cannot be read.');
    });

    test('a second drop does not disturb the first, and is let go', async () => {
        const { host } = await crop();
        host.emit('picture_drag', { step: 'dropped', picture: { ...picture(), id: 'second' } });
        await waitFor(() => expect(host.asked('discard_picture')).toEqual([{ id: 'second' }]));
        expect(screen.getByRole('dialog', { name: 'Crop avatar' })).toBeVisible();
    });

    test('pasting outside text fields takes the picture on the clipboard', async () => {
        const { host, user } = await edit();
        (document.activeElement as HTMLElement | null)?.blur();
        await user.keyboard('{Control>}v{/Control}');
        expect(await screen.findByRole('dialog', { name: 'Crop avatar' })).toBeVisible();
        expect(host.asked('paste_picture')).toHaveLength(1);
    });

    test('pasting into a text field is pasting text', async () => {
        const { host, user } = await edit();
        await user.click(screen.getByLabelText('Location'));
        await user.keyboard('{Control>}v{/Control}');
        expect(host.asked('paste_picture')).toHaveLength(0);
    });

    test('on the profile a picture can be dropped as well', async () => {
        const { host } = openApp((fresh) => fresh.signedIn());
        await screen.findByRole('button', { name: 'Edit profile' });
        host.emit('picture_drag', { step: 'dropped', picture: picture() });
        expect(await screen.findByRole('dialog', { name: 'Crop avatar' })).toBeVisible();
    });
});

describe('cropping', () => {
    test('begins with the whole width of the shorter side', async () => {
        const { host, user } = await crop();
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        await waitFor(() =>
            expect(host.asked('use_picture')).toEqual([{ id: 'picture-1', crop: { x: 500, y: 0, side: 3000 } }]),
        );
    });

    test('by keyboard: zoom, move, Enter', async () => {
        const { host, stage, user } = await crop();
        expect(stage).toHaveFocus();
        await user.keyboard('+++++');
        expect(stage).toHaveAccessibleName('Image, zoom 150 percent. Arrow keys move it.');
        await user.keyboard('{ArrowRight}{Shift>}{ArrowDown}{/Shift}-');
        expect(stage).toHaveAccessibleName(/140 percent/u);
        await user.keyboard('{Enter}');
        await waitFor(() => expect(host.asked('use_picture')).toHaveLength(1));
        const { x, y, side } = host.asked('use_picture')[0]?.crop ?? { x: 0, y: 0, side: 0 };
        const pixel = 2000 / 280;
        expect(side).toBeCloseTo(3000 / 1.4, 6);
        expect(x + side / 2).toBeCloseTo(2000 - pixel, 6);
        expect(y + side / 2).toBeCloseTo(1500 - 10 * pixel, 6);
    });

    test('dragging moves the picture, the wheel zooms it', async () => {
        const { stage, user } = await crop();
        const image = stage.querySelector('img');
        const before = image?.style.translate;
        await user.pointer([{ target: stage, keys: '[MouseLeft>]' }]);
        await fireEvent(
            stage,
            Object.assign(new Event('pointermove', { bubbles: true }), { movementX: 40, movementY: 0 }),
        );
        await user.pointer([{ target: stage, keys: '[/MouseLeft]' }]);
        const moved = image?.style.translate;
        expect(moved).not.toBe(before);
        await fireEvent(
            stage,
            Object.assign(new Event('pointermove', { bubbles: true }), { movementX: 40, movementY: 0 }),
        );
        expect(image?.style.translate).toBe(moved);
        await fireEvent.wheel(stage, { deltaY: -200 });
        expect(stage).toHaveAccessibleName(/zoom 135 percent/u);
    });

    test('a click brings its place to the middle, as dragging does it', async () => {
        const { dialog, stage, user, host } = await crop();
        await fireEvent.input(within(dialog).getByRole('slider', { name: 'Zoom' }), { target: { value: '200' } });
        await user.pointer([{ target: stage, keys: '[MouseLeft>]' }]);
        // Nothing is laid out here: the middle of the stage is where the window begins.
        await fireEvent(stage, Object.assign(new Event('pointerup', { bubbles: true }), { clientX: 28, clientY: -14 }));
        await user.click(within(dialog).getByRole('button', { name: 'Use as avatar' }));
        await waitFor(() => expect(host.asked('use_picture')).toHaveLength(1));
        const { x, y, side } = host.asked('use_picture')[0]?.crop ?? { x: 0, y: 0, side: 0 };
        const pixel = side / 280;
        expect(x + side / 2).toBeCloseTo(2000 + 28 * pixel, 6);
        expect(y + side / 2).toBeCloseTo(1500 - 14 * pixel, 6);
    });

    test('the slider and Reset', async () => {
        const { dialog, stage, user } = await crop();
        const slider = within(dialog).getByRole('slider', { name: 'Zoom' });
        expect(slider).toHaveAttribute('min', '100');
        await fireEvent.input(slider, { target: { value: '200' } });
        expect(stage).toHaveAccessibleName(/200 percent/u);
        expect(slider).toHaveAttribute('aria-valuetext', '200 percent');
        await user.click(within(dialog).getByRole('button', { name: 'Reset' }));
        expect(stage).toHaveAccessibleName(/100 percent/u);
    });

    test.each(['Cancel', 'Close'])('%s lets go of the picture', async (name) => {
        const { dialog, host, user } = await crop();
        await user.click(within(dialog).getByRole('button', { name }));
        await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
        expect(host.asked('discard_picture')).toEqual([{ id: 'picture-1' }]);
        expect(screen.getByRole('button', { name: 'Select Image' })).toHaveFocus();
    });
});

describe('uploading', () => {
    test('says how far it is, and shows the new avatar', async () => {
        const { host, user } = await crop();
        host.next('use_picture', async () => {
            host.emit('avatar_progress', { step: 'uploading', sent: 42, total: 100 });
            await new Promise((resolve) => setTimeout(resolve, 30));
            withAvatar(host);
            host.version += 1;
            return host.profileView();
        });
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        const bar = await screen.findByRole('progressbar', { name: 'Avatar upload' });
        await waitFor(() => expect(bar).toHaveAttribute('aria-valuenow', '42'));
        expect(bar).toHaveAttribute('aria-valuetext', 'Uploading, 42%');
        expect(await screen.findByText('Avatar updated')).toBeVisible();
        expect(screen.queryByRole('dialog')).toBeNull();
        await waitFor(() => expect(document.querySelector('main .ava img')).not.toBeNull());
    });

    test('cancelling goes back to the crop as it was', async () => {
        const { dialog, host, stage, user } = await crop((fresh) => (fresh.latency = 20));
        await user.keyboard('++');
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        await screen.findByRole('progressbar');
        await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
        expect(await screen.findByRole('button', { name: 'Use as avatar' })).toBeVisible();
        expect(host.asked('cancel_upload')).toHaveLength(1);
        expect(stage).toHaveAccessibleName(/120 percent/u);
        expect(screen.queryByRole('alert')).toBeNull();
        expect(host.profile.avatar.custom).toBe(false);
    });

    test.each([
        ['connection_lost', 'The connection was lost'],
        ['body_too_large', 'That is too large'],
        ['invalid_image', 'This picture cannot be used'],
        ['timed_out', 'took too long'],
    ] as const)('%s is said in the dialog, and it can be tried again', async (code, words) => {
        const { dialog, host, user } = await crop();
        host.refuse('use_picture', refusal(code));
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        expect(await within(dialog).findByRole('alert')).toHaveTextContent(words);
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        expect(await screen.findByText('Avatar updated')).toBeVisible();
    });

    test('a picture that is gone has to be chosen again', async () => {
        const { host, user } = await crop();
        host.refuse('use_picture', refusal('picture_gone'));
        await user.click(screen.getByRole('button', { name: 'Use as avatar' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('Choose it again.');
        expect(screen.queryByRole('dialog')).toBeNull();
    });

    test('does not disturb an edit that is under way', async () => {
        const { host, user } = await edit();
        await user.type(screen.getByLabelText('Location'), ' too');
        await user.click(screen.getByRole('button', { name: 'Select Image' }));
        await user.click(await screen.findByRole('button', { name: 'Use as avatar' }));
        await screen.findByText('Avatar updated');
        expect(screen.getByLabelText('Location')).toHaveValue('Bergen, Norway too');
        await user.click(screen.getByRole('button', { name: 'Update User Information' }));
        expect(await screen.findByText('Bergen, Norway too')).toBeVisible();
        expect(host.asked('update_profile')).toEqual([{ etag: '"2"', patch: { location: 'Bergen, Norway too' } }]);
    });
});

describe('removing', () => {
    test('asks, then shows the initials', async () => {
        const { host, user } = await edit(withAvatar);
        await user.click(screen.getByRole('button', { name: 'Remove' }));
        const question = await screen.findByRole('dialog', { name: 'Remove your avatar?' });
        await user.click(within(question).getByRole('button', { name: 'Remove' }));
        expect(await screen.findByText('Avatar removed')).toBeVisible();
        expect(host.asked('remove_avatar')).toHaveLength(1);
        await waitFor(() => expect(document.querySelector('main .ava img')).toBeNull());
        expect(screen.getByRole('button', { name: 'Remove' })).toHaveAttribute('aria-disabled', 'true');
    });

    test('without a picture it says that there is nothing to remove', async () => {
        const { host, user } = await edit();
        await user.click(screen.getByRole('button', { name: 'Remove' }));
        expect(await screen.findByText(/There is no picture to remove/u)).toBeVisible();
        expect(host.asked('remove_avatar')).toHaveLength(0);
    });

    test('a failure keeps the picture and says why', async () => {
        const { host, user } = await edit(withAvatar);
        host.refuse('remove_avatar', refusal('busy'));
        await user.click(screen.getByRole('button', { name: 'Remove' }));
        await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
        expect(await screen.findByRole('alert')).toHaveTextContent('The server is busy');
        expect(document.querySelector('main .ava img')).not.toBeNull();
    });
});
