import type { Words } from '../en';

export const proof: Words['proof'] = {};
