import type { Words } from '../en';

export const sourceCode: Words['sourceCode'] = {};
