import type { Component } from 'svelte';
import type { Section as SectionId } from '$bindings/Section';

/** One page of the account: an entry of the sidebar and what it opens. */
export interface Section {
    id: SectionId;
    /** Heading above the entry in the sidebar; entries of one heading stand together. A rule where there is none. */
    heading: string | null;
    label: string;
    icon: Component;
    /** What it opens; absent until the pages were read, which opening one waits for. */
    page: Component | undefined;
    /** The faint word or number behind the label; null while it is not known. */
    trailing?: () => string | number | null;
    /** When what it shows was read: null where it was not. Absent where it shows nothing of its own. */
    readAt?: () => Date | null;
    /** What has to be seen to there, if anything does: an amber mark that takes the trailing word's place. */
    warning?: () => string | null;
}
