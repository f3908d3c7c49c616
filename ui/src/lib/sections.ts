import type { Component } from 'svelte';

/** One page of the account: an entry of the sidebar and what it opens. */
export interface Section {
    id: string;
    /** Heading above the entry in the sidebar; entries of one heading stand together. A rule where there is none. */
    heading: string | null;
    label: string;
    icon: Component;
    /** What it opens; absent until the pages were read, which opening one waits for. */
    page: Component | undefined;
    /** The faint word or number behind the label; null while it is not known. */
    trailing?: () => string | number | null;
    /** What has to be seen to there, if anything does: an amber mark that takes the trailing word's place. */
    warning?: () => string | null;
}
