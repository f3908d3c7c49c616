export const sourceCode = {};
