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
    closing: 'The new password is in effect at once, and you stay signed in here. API keys and SSH keys stay valid.',
    /** `sessions` leads to the page. */
    notClosing:
        'Other sessions stay signed in. You can close them in <sessions>Sessions</sessions>. API keys and SSH keys stay valid too.',
    change: 'Change Password',
    changedAndClosed: 'Password changed. All other sessions were closed.',
    changed: 'Password changed. Other sessions stay signed in.',
    openSessions: 'Sessions',
};
