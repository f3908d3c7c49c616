import { describe, expect, test } from 'vitest';
import { changedFields, differences, editedFrom, patchBetween, rebased } from '$features/profile/editing';
import { profile } from './samples';

const base = editedFrom(profile());

test('the form shows blank fields as empty', () => {
    expect(editedFrom({ ...profile(), bio: null, location: null })).toMatchObject({ bio: '', location: '' });
});

describe('the patch', () => {
    test('says only what changed', () => {
        expect(patchBetween(base, base)).toEqual({});
        expect(patchBetween(base, { ...base, name: 'Maren O.' })).toEqual({ name: 'Maren O.' });
    });

    test('clears with null', () => {
        expect(patchBetween(base, { ...base, bio: '  ', location: '' })).toEqual({ bio: null, location: null });
    });

    test('does not count white space at the ends', () => {
        expect(patchBetween(base, { ...base, name: ` ${base.name} ` })).toEqual({});
        expect(changedFields(base, { ...base, name: ` ${base.name} ` })).toEqual([]);
    });
});

describe('a conflict', () => {
    test('shows both sides of every field in which they differ', () => {
        const mine = { ...base, bio: 'Mine', name: 'Same new name' };
        const theirs = { ...base, bio: 'Theirs', location: 'Oslo', name: 'Same new name' };
        expect(differences(base, mine, theirs)).toEqual([
            { field: 'location', mine: null, theirs: 'Oslo' },
            { field: 'bio', mine: 'Mine', theirs: 'Theirs' },
        ]);
    });

    test('is none where the edits do not touch each other', () => {
        expect(rebased(base, { ...base, bio: 'Mine' }, { ...base, location: 'Oslo' })).toEqual({
            ...base,
            bio: 'Mine',
            location: 'Oslo',
        });
    });

    test('is one where both touched a field', () => {
        expect(rebased(base, { ...base, bio: 'Mine' }, { ...base, bio: 'Theirs' })).toBeNull();
    });
});
