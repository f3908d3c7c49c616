export const password = {
    title: 'Password',
    /** `time` shows the date. */
    lastChanged: 'Last changed on <time/>.',
    whatFor: 'What you sign in with.',
    current: 'Current password',
    chosen: 'New password',
    confirmation: 'Confirm new password',
    closeOthers: 'Close all other sessions',
    closeOthersEffect: 'Every other device has to sign in with the new password.',
    /** In the place of `closeOthersEffect` where there are none to close. */
    alone: 'You are signed in nowhere else.',
    closing: 'The new password is in effect at once, and you stay signed in here. API keys and SSH keys stay valid.',
    /** `sessions` leads to the page. */
    notClosing:
        'Other sessions stay signed in. You can close them in <sessions>Sessions</sessions>. API keys and SSH keys stay valid too.',
    change: 'Change Password',
    changedAlone: 'Password changed.',
    changedAndClosed: 'Password changed. All other sessions were closed.',
    changed: 'Password changed. Other sessions stay signed in.',
    openSessions: 'Sessions',
};
