/**
 * What changes have to do with administration, beyond their class: a change may make an account able to administer
 * whichever field does it, or hand over the account of a person who can. Worked out once, for every change of every kind.
 */
import { isAdministrative } from '../model/admin-rules.ts';
import { administrationOf, rowOf } from '../model/change-classes.ts';
import type { IssuedTokens } from '../model/issued-tokens.ts';
import type { ServerFacts } from '../model/live-state.ts';
import { type AdminConcern, type Change, isPlanMap, type PlanValue } from '../model/plan.ts';
import type { Findings, Person, PlanContext, ResourceDefinition } from '../model/resource-definition.ts';
import { whomOf } from './whom.ts';

/**
 * The same findings, each change with what it has to do with administration.
 *
 * @param kinds - tell which changes only take the place of something on terms that were shown
 * @param issued - tokens that applied plans made
 */
export function markAdministration(
  findings: Findings,
  person: Person,
  { facts, desired: { momentMs } }: PlanContext,
  kinds: readonly ResourceDefinition[],
  issued: IssuedTokens,
): Findings {
  // Of most people nothing differs.
  if (findings.changes.length + findings.held.length + findings.scheduled.length === 0) return findings;
  const all = [...findings.changes, ...findings.held.map(({ change }) => change), ...scheduledOf(findings)];
  const roles = rolesOf(person, all);
  const isAdmin = (role: string): boolean => isAdministrative(role, facts.administrativeRoles);
  if (![...roles.before, ...roles.after].some(isAdmin)) return findings;
  const isRenewal = (change: Change): boolean => kinds.some((kind) => kind.renews(change, person, issued, momentMs));
  const mark = (change: Change): Change => {
    const concern = concernOf(change, roles, isAdmin, facts);
    if (concern === 'touch' && isRenewal(change)) return change;
    if (concern === undefined) return change;
    return { ...change, concerns_admin: concern, ...(concern === 'gain' && { whom: whomOf(person) }) };
  };
  const inside = <One extends { readonly change: Change }>(one: One): One => ({ ...one, change: mark(one.change) });
  return {
    ...findings,
    changes: findings.changes.map(mark),
    held: findings.held.map(inside),
    scheduled: findings.scheduled.map(inside),
  };
}

const scheduledOf = ({ scheduled }: Findings): readonly Change[] => scheduled.map(({ change }) => change);

interface Roles {
  readonly before: ReadonlySet<string>;
  /** After everything that the entry wants, now or by date. */
  readonly after: ReadonlySet<string>;
}

function rolesOf({ live, desired }: Person, changes: readonly Change[]): Roles {
  const before = new Set(live.user?.values.roles ?? []);
  const after = new Set([...before, ...(desired.values.roles ?? [])]);
  for (const change of changes) {
    if (change.attribute !== 'roles') continue;
    if (typeof change.after === 'string' && change.class !== 'guest') after.add(change.after);
    else if (typeof change.before === 'string') after.delete(change.before);
  }
  return { before, after };
}

function concernOf(
  change: Change,
  { before, after }: Roles,
  isAdmin: (role: string) => boolean,
  facts: ServerFacts,
): AdminConcern | undefined {
  const had = [...before].some(isAdmin);
  const has = [...after].some(isAdmin);
  if (change.attribute === 'roles' && change.class !== 'guest') {
    if (typeof change.after === 'string') return isAdmin(change.after) ? 'gain' : undefined;
    return typeof change.before === 'string' && isAdmin(change.before) ? 'loss' : undefined;
  }
  if (change.class === 'activate') return has ? 'gain' : undefined;
  if (administrationOf(change) === 'loss') return had ? 'loss' : undefined;
  if (change.class === 'auth' && has && opensSignIn(change, facts)) return 'gain';
  return rowOf(change).touchesAdministrators ? 'touch' : undefined;
}

/** Whether an account that could not sign in can afterwards. */
const opensSignIn = ({ before, after }: Change, { signInServices }: ServerFacts): boolean =>
  !signInServices.has(serviceOf(before)) && signInServices.has(serviceOf(after));

function serviceOf(auth: PlanValue | undefined): string {
  const service = isPlanMap(auth) ? auth['service'] : undefined;
  return typeof service === 'string' ? service : '';
}
