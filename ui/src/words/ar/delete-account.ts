import type { Words } from '../en';

export const deleteAccount: Words['deleteAccount'] = {};
