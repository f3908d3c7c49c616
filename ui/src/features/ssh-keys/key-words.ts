/** What is said of an SSH key. */

/** `ED25519`, `ED25519-SK`, `RSA 4096`, `ECDSA 256` */
export function keyType(type: string, bits: number): string {
    switch (type) {
        case 'ssh-ed25519':
            return 'ED25519';
        case 'sk-ssh-ed25519@openssh.com':
            return 'ED25519-SK';
        case 'sk-ecdsa-sha2-nistp256@openssh.com':
            return 'ECDSA-SK';
        case 'ssh-rsa':
            return `RSA ${bits}`;
        default:
            return type.startsWith('ecdsa-') ? `ECDSA ${bits}` : type;
    }
}

/**
 * Whether a private key stands in the text, whole or in part: PEM of any kind, PuTTY's format, or the first bytes of
 * OpenSSH's own. The service and the shell look closer; this is so that it does not even stay in the field.
 */
export function holdsPrivateKey(text: string): boolean {
    return /PRIVATE KEY|PuTTY-User-Key-File|b3BlbnNzaC1rZXktdjE/u.test(text);
}
