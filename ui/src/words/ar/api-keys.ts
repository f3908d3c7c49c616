import type { Words } from '../en';

export const apiKeys: Words['apiKeys'] = {};
