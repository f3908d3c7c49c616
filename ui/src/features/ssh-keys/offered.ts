import type { Failure } from '$bindings/Failure';
import type { SshKeyPreview } from '$bindings/SshKeyPreview';

/** A file that was chosen or dropped: the public key in it, or why there is none. */
export type Offered = { key: SshKeyPreview } | { failure: Failure };
