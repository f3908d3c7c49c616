import type { Place } from '$bindings/Place';
import type { SavedAccount } from '$bindings/SavedAccount';
import { words } from '$words/words.svelte';

/** What the shell calls the place within the app. */
const LOCAL = 'local';

/** What a place is called: as its administrator named it, or by what it is. */
export function placeName({ id, name }: Pick<Place, 'id' | 'name'>): string {
    return id === LOCAL ? words.components.thisComputer : name;
}

/** `maren, Northwind` */
export function accountAt({ username, place, place_name }: SavedAccount): string {
    return words.components.accountAt(username, placeName({ id: place, name: place_name }));
}
