import type { Component } from 'svelte';

/** One page of the account: an entry of the sidebar and what it opens. */
export interface Section {
    id: string;
    /** Heading above the entry in the sidebar; entries of one heading stand together. A rule where there is none. */
    heading: string | null;
    label: string;
    icon: Component;
    page: Component;
    /** The faint number behind the label; null while it is not known. */
    count?: () => number | null;
}
