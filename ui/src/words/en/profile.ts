import { grammar } from './grammar';

const { number } = grammar;

export const profile = {
    title: 'Profile',
    edit: 'Edit profile',
    details: 'Details',
    /** `bio` is what the person wrote about themselves. */
    bio: '<label>Bio:</label> <bio/>',
    username: 'Username',
    copyUsername: 'Copy username',
    copyEmail: 'Copy email',
    account: 'Account',
    /** What can be edited. */
    fields: { name: 'Name', email: 'Email', location: 'Location', bio: 'Bio' },

    editing: {
        title: 'Edit profile',
        back: 'Back to profile',
        required: '* Required',
        cancel: 'Cancel',
        save: 'Update User Information',
        saved: 'Profile updated',
        toBeConfirmed: (inUse: string) =>
            `A code is sent to the new address. Until it is confirmed, ${inUse} stays in use.`,
        discard: {
            title: 'Discard your changes?',
            text: 'What you typed on this page has not been saved.',
            action: 'Discard',
            cancel: 'Keep editing',
        },
    },

    /** It was saved elsewhere meanwhile. */
    conflict: {
        title: 'Your profile was changed elsewhere',
        text: 'Reload drops what you typed here. Overwrite saves it; what you left alone stays as it was saved elsewhere.',
        field: 'Field',
        typed: 'You typed',
        savedElsewhere: 'Saved elsewhere',
        leftAlone: 'Left alone',
        empty: 'Empty',
        keep: 'Keep editing',
        reload: 'Reload',
        overwrite: 'Overwrite',
    },

    /** A new address that waits for the code that was mailed to it. */
    pendingEmail: {
        title: (address: string) => `Confirm ${address}`,
        text: (inUse: string) => `A code was sent there. Until it is confirmed, ${inUse} stays in use.`,
        code: 'Code',
        confirm: 'Confirm',
        cancel: 'Cancel',
        cancelChange: 'Cancel the change of email',
        sent: (address: string) => `A code is on its way to ${address}`,
        sentAgain: (address: string) => `A new code is on its way to ${address}`,
        changed: (address: string) => `Email changed to ${address}`,
        cancelled: 'The new email was given up',
        /** `why` is the sentence of the refusal. */
        taken: (why: string) => `${why} Cancel, and choose another one.`,
        incorrect: 'That code is not correct. Enter the one in the newest mail.',
        expired: 'This code has expired. Send a new one.',
    },

    avatar: {
        title: 'Avatar',
        text: 'Most image formats work; .png or .jpeg recommended. Without one, your initials are shown.',
        choose: 'Select Image',
        remove: 'Remove',
        nothingToRemove: 'There is no picture to remove: your initials are shown.',
        drop: 'Drop the picture to use it as your avatar',
        replaced: 'Avatar updated',
        removed: 'Avatar removed',
        removal: {
            title: 'Remove your avatar?',
            text: 'The picture is deleted from the server. Your initials are shown instead.',
            action: 'Remove',
        },
    },

    crop: {
        title: 'Crop avatar',
        text: 'Drag the image, or click the place for the middle. Scroll or use the slider to zoom.',
        stage: (percent: number) => `Image, zoom ${number(percent)} percent. Arrow keys move it.`,
        zoom: 'Zoom',
        /** For reading aloud. */
        percentAloud: (percent: number) => `${number(percent)} percent`,
        percent: (percent: number) => `${number(percent)}%`,
        reset: 'Reset',
        cancel: 'Cancel',
        use: 'Use as avatar',
    },

    upload: {
        label: 'Avatar upload',
        steps: { preparing: 'Preparing', uploading: 'Uploading', finishing: 'Finishing' },
        uploadingAt: (percent: number) => `Uploading, ${number(percent)}%`,
    },
};
