export const deleteAccount = {};
