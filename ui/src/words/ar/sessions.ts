import type { Words } from '../en';

export const sessions: Words['sessions'] = {};
