import type { Words } from '../en';

export const apiDocumentation: Words['apiDocumentation'] = {};
