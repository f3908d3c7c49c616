/** English, which is the measure of all languages: what it says, all of them say. */

import { activity } from './activity';
import { apiDocumentation } from './api-documentation';
import { apiKeys } from './api-keys';
import { app } from './app';
import { checkUp } from './check-up';
import { components } from './components';
import { dates } from './dates';
import { deleteAccount } from './delete-account';
import { entry } from './entry';
import { errors } from './errors';
import { fields } from './fields';
import { native } from './native';
import { password } from './password';
import { places } from './places';
import { profile } from './profile';
import { proof } from './proof';
import { registries } from './registries';
import { sessions } from './sessions';
import { shell } from './shell';
import { sourceCode } from './source-code';
import { sshKeys } from './ssh-keys';
import { twoFactor } from './two-factor';

export const en = {
    activity,
    apiDocumentation,
    apiKeys,
    app,
    checkUp,
    components,
    dates,
    deleteAccount,
    entry,
    errors,
    fields,
    native,
    password,
    places,
    profile,
    proof,
    registries,
    sessions,
    shell,
    sourceCode,
    sshKeys,
    twoFactor,
};

/** What every language has to say: areas, in them words, and functions for words with something in them. */
export type Words = typeof en;
