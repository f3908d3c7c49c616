/** What can be edited of a profile, and how two edits of it compare. */

import type { Profile } from '$bindings/Profile';
import type { ProfilePatch } from '$bindings/ProfilePatch';

export type EditableField = 'name' | 'email' | 'location' | 'bio';

/** The fields as they stand in the form. */
export type Edited = Record<EditableField, string>;

const FIELDS: readonly EditableField[] = ['name', 'email', 'location', 'bio'];

export function editedFrom(profile: Profile): Edited {
    return {
        name: profile.name,
        email: profile.email,
        location: profile.location ?? '',
        bio: profile.bio ?? '',
    };
}

/** Fields whose values differ. The service trims, so white space at the ends is no difference. */
export function changedFields(one: Edited, other: Edited): EditableField[] {
    return FIELDS.filter((field) => one[field].trim() !== other[field].trim());
}

/** The merge patch (RFC 7396) that leads from one to the other: only what changed, null for what was cleared. */
export function patchBetween(base: Edited, edited: Edited): ProfilePatch {
    const patch: ProfilePatch = {};
    for (const field of changedFields(base, edited)) {
        const value = edited[field].trim();
        if (field === 'name' || field === 'email') patch[field] = value;
        else patch[field] = value === '' ? null : value;
    }
    return patch;
}

/** One field in a conflict. */
export interface Difference {
    field: EditableField;
    /** What the person typed; null where they left the field alone. */
    mine: string | null;
    /** What was saved meanwhile. */
    theirs: string;
}

/** Every field in which the person's version and the saved one differ, seen from the version both began with. */
export function differences(base: Edited, mine: Edited, theirs: Edited): Difference[] {
    const mineChanged = new Set(changedFields(base, mine));
    return changedFields(mine, theirs).map((field) => ({
        field,
        mine: mineChanged.has(field) ? mine[field].trim() : null,
        theirs: theirs[field].trim(),
    }));
}

/**
 * Takes over a newer version where that costs nothing: fields the person left alone follow it. Null where it changed a
 * field the person is editing; then only they can say which one to keep.
 */
export function rebased(base: Edited, mine: Edited, newer: Edited): Edited | null {
    const mineChanged = changedFields(base, mine);
    const newerChanged = new Set(changedFields(base, newer));
    if (mineChanged.some((field) => newerChanged.has(field))) return null;
    const result = { ...newer };
    for (const field of mineChanged) result[field] = mine[field];
    return result;
}
