import { grammarOf } from '../grammar';

export const grammar = grammarOf('ar-u-ca-gregory-nu-latn', ['zero', 'one', 'two', 'few', 'many', 'other']);
