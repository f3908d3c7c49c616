import { expect, test } from 'vitest';
import { Navigation } from '$lib/navigation.svelte';

test('goes where it is told', async () => {
    const navigation = new Navigation();
    expect(await navigation.go({ name: 'edit_profile' })).toBe(true);
    expect(navigation.page).toEqual({ name: 'edit_profile' });
});

test('a guard can keep the page, on every way out', async () => {
    const navigation = new Navigation();
    let letGo = false;
    const release = navigation.hold(() => Promise.resolve(letGo));
    expect(await navigation.go({ name: 'account', section: 'sessions' })).toBe(false);
    await navigation.choosePlace();
    expect(navigation.page).toEqual({ name: 'profile' });
    expect(navigation.choosingPlace).toBe(false);
    expect(await navigation.mayLeave()).toBe(false);
    letGo = true;
    expect(await navigation.go({ name: 'account', section: 'sessions' })).toBe(true);
    release();
    letGo = false;
    expect(await navigation.mayLeave()).toBe(true);
});

test('goes back to where it came from', async () => {
    const navigation = new Navigation();
    await navigation.go({ name: 'account', section: 'sessions' });
    await navigation.go({ name: 'api_documentation' });
    await navigation.go({ name: 'api_documentation' });
    await navigation.back();
    expect(navigation.page).toEqual({ name: 'account', section: 'sessions' });
});

test('nobody is asked when the page is open already', async () => {
    const navigation = new Navigation();
    navigation.hold(() => false);
    expect(await navigation.go({ name: 'profile' })).toBe(true);
});

test('releasing an old guard leaves the new one in place', async () => {
    const navigation = new Navigation();
    const old = navigation.hold(() => true);
    navigation.hold(() => false);
    old();
    expect(await navigation.mayLeave()).toBe(false);
});
