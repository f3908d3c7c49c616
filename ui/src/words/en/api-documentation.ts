export const apiDocumentation = {};
