/**
 * Files that every run reads are asked first whether they are as their schema wants them, by code that can say no more and is
 * a third as long: only where they are not is that one loaded which says what is wrong, and where.
 */
import type { ConfigFile } from '../model/generated/config-file.ts';
import type { UsersFile } from '../model/generated/users-file.ts';
import type { SchemaFlaws, Validator } from '../model/validator.ts';
import { isConfigFile } from './generated/is-config-file.ts';
import { isUsersFile } from './generated/is-users-file.ts';
import { validateConfigFile as explainConfigFile } from './generated/validate-config-file.ts';
import { validateUsersFile as explainUsersFile } from './generated/validate-users-file.ts';

export const validateConfigFile: Validator<ConfigFile> = explained(isConfigFile, explainConfigFile);
export const validateUsersFile: Validator<UsersFile> = explained(isUsersFile, explainUsersFile);

/** @param explain - of the same schema */
function explained<Content>(
  isFit: (value: unknown) => value is Content,
  explain: Validator<Content>,
): Validator<Content> {
  const validate: { (value: unknown): value is Content; errors?: SchemaFlaws | null } = (value): value is Content => {
    const fits = isFit(value) || explain(value);
    validate.errors = fits ? null : (explain.errors ?? null);
    return fits;
  };
  return validate;
}
