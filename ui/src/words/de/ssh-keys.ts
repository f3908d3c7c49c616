import type { Words } from '../en';

export const sshKeys: Words['sshKeys'] = {};
