import type { Words } from '../en';

export const activity: Words['activity'] = {};
