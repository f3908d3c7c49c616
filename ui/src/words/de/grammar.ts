import { grammarOf } from '../grammar';

export const grammar = grammarOf('de-DE', ['one', 'other']);
