/** What nobody needs for the first screen: in the built app a file of its own, read once something is pressed there. */

export { default as ActivityPage } from '$features/activity/ActivityPage.svelte';
export { default as ApiDocumentationPage } from '$features/api-documentation/ApiDocumentationPage.svelte';
export { default as ApiKeysPage } from '$features/api-keys/ApiKeysPage.svelte';
export { default as CheckUpPage } from '$features/check-up/CheckUpPage.svelte';
export { default as DeleteAccountPage } from '$features/delete-account/DeleteAccountPage.svelte';
export { default as PasswordPage } from '$features/password/PasswordPage.svelte';
export { default as EditProfilePage } from '$features/profile/EditProfilePage.svelte';
export { default as RegistriesPage } from '$features/registries/RegistriesPage.svelte';
export { default as SessionsPage } from '$features/sessions/SessionsPage.svelte';
export { default as SourceCodePage } from '$features/source-code/SourceCodePage.svelte';
export { default as SshKeysPage } from '$features/ssh-keys/SshKeysPage.svelte';
export { default as TwoFactorDialogs } from '$features/two-factor/TwoFactorDialogs.svelte';
export { default as TwoFactorPage } from '$features/two-factor/TwoFactorPage.svelte';
