import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import CopyField from '$components/CopyField.svelte';
import { de } from '$words/de';
import { useLanguage } from '$words/words.svelte';

async function copying(copy: () => Promise<string | null>) {
    render(CopyField, { label: 'Copy address', lines: ['registry.example'], copy });
    await userEvent.click(screen.getByRole('button', { name: 'Copy address' }));
}

test('that it was copied is seen in the field, and told to those who do not see it, in any language', async () => {
    await copying(() => Promise.resolve(null));
    const status = screen.getByRole('status');
    expect(status).toHaveTextContent('Copied.');
    expect(status).toHaveClass('visually-hidden');
    await useLanguage('de');
    expect(status).toHaveTextContent(de.components.clipboard.done);
    expect(status).toHaveClass('visually-hidden');
});

test('what is to be known besides is seen below, whatever its words', async () => {
    await copying(() => Promise.resolve('Copied.'));
    expect(screen.getByText('Copied.')).not.toHaveClass('visually-hidden');
});

test('nothing is said where somebody else says it', async () => {
    await copying(() => Promise.resolve(''));
    expect(screen.getByRole('status')).toHaveTextContent(/^$/u);
});
