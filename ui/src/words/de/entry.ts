import type { Words } from '../en';

export const entry: Words['entry'] = {};
