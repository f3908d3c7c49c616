import { describe, expect, test, vi } from 'vitest';
import { Form } from '$lib/form.svelte';
import { checkEmail, checkName } from '$lib/checks';
import { badField, refusal } from './fake-host';

function makeForm() {
    return new Form({ values: { name: '', email: '' }, checks: { name: checkName, email: checkEmail } });
}

const refused = (cause: Error) => () => Promise.reject(cause);

describe('when errors are shown', () => {
    test('nothing is said while somebody types for the first time', () => {
        const form = makeForm();
        form.values.email = 'maren@';
        expect(form.error('email')).toBeNull();
    });

    test('leaving the field says it, then every keystroke until it is right', () => {
        const form = makeForm();
        form.values.email = 'maren@';
        form.leave('email');
        expect(form.error('email')).toContain('full address');
        form.values.email = 'maren@b.example';
        expect(form.error('email')).toBeNull();
    });

    test('what was left by pressing the mouse elsewhere is said after the click', async () => {
        const form = makeForm();
        form.values.email = 'maren@';
        window.dispatchEvent(new Event('pointerdown'));
        form.leave('email');
        expect(form.error('email')).toBeNull();
        window.dispatchEvent(new Event('pointerup'));
        // The click comes here: nothing may have moved yet.
        expect(form.error('email')).toBeNull();
        await vi.waitFor(() => expect(form.error('email')).toContain('full address'));
    });

    test('a field that was emptied says so when it is left', () => {
        const form = new Form({ values: { name: 'Maren' }, checks: { name: checkName } });
        form.leave('name');
        expect(form.error('name')).toBeNull();
        form.values.name = '';
        form.leave('name');
        expect(form.error('name')).toBe('Enter your name.');
    });

    test('a field that was only passed by is left alone until somebody submits', async () => {
        const form = makeForm();
        form.leave('name');
        expect(form.error('name')).toBeNull();
        await form.submit(() => Promise.resolve());
        expect(form.error('name')).toBe('Enter your name.');
    });
});

test('a field must be filled in where its check refuses nothing, which may change with the others', () => {
    const form = new Form({
        values: { name: 'Maren', passphrase: '', confirmation: '' },
        checks: {
            name: checkName,
            confirmation: (value): string | null => (value === form.values.passphrase ? null : 'Type it again.'),
        },
    });
    expect([form.isRequired('name'), form.isRequired('passphrase'), form.isRequired('confirmation')]).toEqual([
        true,
        false,
        false,
    ]);
    form.values.passphrase = 'eleven lamps';
    expect(form.isRequired('confirmation')).toBe(true);
});

describe('submitting', () => {
    test('sends nothing while something is wrong, and focuses the first bad field', async () => {
        const form = makeForm();
        for (const field of ['name', 'email'] as const) {
            const input = document.body.appendChild(document.createElement('input'));
            input.id = form.id(field);
        }
        form.values.name = 'Maren';
        let sent = 0;
        await form.submit(() => Promise.resolve(void (sent += 1)));
        expect(sent).toBe(0);
        expect(document.activeElement?.id).toBe(form.id('email'));
    });

    test('a second submission while one runs is ignored', async () => {
        const form = makeForm();
        form.values = { name: 'Maren', email: 'maren@b.example' };
        let sent = 0;
        let finish: () => void = () => undefined;
        const first = form.submit(() => {
            sent += 1;
            return new Promise((resolve) => (finish = resolve));
        });
        expect(form.busy).toBe(true);
        await form.submit(() => Promise.resolve(void (sent += 1)));
        finish();
        await first;
        expect(sent).toBe(1);
        expect(form.busy).toBe(false);
    });

    test('what the service refuses lands on its field and keeps what was typed', async () => {
        const form = makeForm();
        form.values = { name: 'Maren', email: 'maren@b.example' };
        await form.submit(refused(badField('email', 'taken')));
        expect(form.error('email')).toBe('That address belongs to another account.');
        expect(form.values).toEqual({ name: 'Maren', email: 'maren@b.example' });
        expect(form.failure).toBeNull();
    });

    test('the verdict holds for the value it was given for, and no other', async () => {
        const form = makeForm();
        form.values = { name: 'Maren', email: 'maren@b.example' };
        await form.submit(refused(badField('email', 'taken')));
        form.values.email = 'other@b.example';
        expect(form.error('email')).toBeNull();
        form.values.email = 'maren@b.example';
        expect(form.error('email')).toBe('That address belongs to another account.');
    });

    test('a failure that belongs to no field is kept for the alert', async () => {
        const form = makeForm();
        form.values = { name: 'Maren', email: 'maren@b.example' };
        await form.submit(refused(refusal('timed_out')));
        expect(form.failure?.code).toBe('timed_out');
        await form.submit(refused(badField('elsewhere', 'invalid')));
        expect(form.failure?.code).toBe('invalid_field');
    });

    test('a verdict on several fields falls with any of them', async () => {
        const form = makeForm();
        form.values = { name: 'Maren', email: 'maren@b.example' };
        await form.submit(refused(refusal('invalid_credentials')), () => {
            form.refuse(['name', 'email'], 'Not correct.');
            return true;
        });
        expect(form.failure).toBeNull();
        expect(form.error('email')).toBe('Not correct.');
        form.values.name = 'Mara';
        expect(form.error('email')).toBeNull();
    });
});

test('a password that was refused is selected, so that the next one takes its place; other values are not', async () => {
    const form = new Form({ values: { login: 'maren', password: 'wrong' } });
    for (const [field, type] of [
        ['login', 'text'],
        ['password', 'password'],
    ] as const) {
        const input = document.body.appendChild(document.createElement('input'));
        Object.assign(input, { id: form.id(field), type, value: form.values[field] });
        input.setSelectionRange(0, 0);
        await form.submit(refused(badField(field, 'incorrect')));
        expect(document.activeElement).toBe(input);
        expect([input.selectionStart, input.selectionEnd]).toEqual([0, type === 'password' ? 5 : 0]);
        form.restart({ login: 'maren', password: 'wrong' });
    }
});
