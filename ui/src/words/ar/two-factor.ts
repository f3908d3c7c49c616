import type { Words } from '../en';

export const twoFactor: Words['twoFactor'] = {};
