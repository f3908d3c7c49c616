export const sshKeys = {};
