import type { DesiredState } from '../model/desired-state.ts';

/** Also those of entries that cannot be used, as far as they name a person. */
export const declaredNames = ({ users, unusable }: DesiredState): ReadonlySet<string> =>
  new Set([...users.map(({ username }) => username), ...unusable.flatMap(({ person }) => person ?? [])]);
