import type { Words } from '../en';

export const places: Words['places'] = {};
