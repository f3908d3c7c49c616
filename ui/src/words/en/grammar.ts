import { grammarOf } from '../grammar';

export const grammar = grammarOf('en-GB', ['one', 'other']);
