import type { Words } from '../en';

export const registries: Words['registries'] = {};
