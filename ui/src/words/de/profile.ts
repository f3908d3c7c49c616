import type { Words } from '../en';

export const profile: Words['profile'] = {};
