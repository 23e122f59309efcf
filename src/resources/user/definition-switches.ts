import type { EmailDomains } from '../../model/live-state.ts';
import { block } from '../../model/messages/blocked-rows.ts';
import { type Change, isPlanMap } from '../../model/plan.ts';
import { recordFlaws } from '../../model/record-rules.ts';
import type { Person, PlanContext, SwitchVerdict } from '../../model/resource-definition.ts';
import { isGuest } from '../../model/user-rules.ts';
import { newAccount } from './definition-foresight.ts';

/** Roles that the server gives only with a licence for custom permission schemes. */
const licensedRoles: ReadonlySet<string> = new Set([
  'system_user_manager',
  'system_read_only_admin',
  'system_manager',
  'shared_channel_manager',
  'secure_connection_manager',
]);

type Rule = (change: Change, person: Person, context: PlanContext) => SwitchVerdict | undefined;

/** What the server is set to, or calls invalid, refuses the call, or makes an account with which no person can sign in. */
export function userSwitchedOff(change: Change, person: Person, context: PlanContext): SwitchVerdict | undefined {
  for (const rule of rules) {
    const verdict = rule(change, person, context);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

const rules: readonly Rule[] = [
  (change, _person, { facts }) =>
    change.class === 'guest' && change.after === 'guest' && !facts.hasGuests
      ? block('switch', { is: 'no-guests' })
      : undefined,
  (change, person, { facts }) =>
    change.class === 'activate' && comesBackAsGuest(person) && !facts.hasGuests
      ? block('switch', { is: 'guests-off' })
      : undefined,
  (change, _person, { facts }) =>
    change.class === 'role-grant' &&
    typeof change.after === 'string' &&
    licensedRoles.has(change.after) &&
    !facts.hasCustomPermissions
      ? block('switch', { is: 'licensed-role', role: change.after })
      : undefined,
  (change, person, { facts: { emailDomains = anyDomain } }) => {
    const email = newEmailOf(change);
    if (email === undefined || domainsAreFree.has(serviceAtWrite(person))) return undefined;
    // A new account is a member before it can become a guest.
    const asGuest = change.class === 'email' && isGuest(person.live.user?.values.roles ?? []);
    const domains = asGuest ? emailDomains.guests : emailDomains.members;
    if (domains.length === 0 || domains.some((domain) => email.endsWith(`@${domain}`))) return undefined;
    const setting = asGuest ? 'GuestAccountsSettings' : 'TeamSettings';
    return block('switch', { is: 'email-domain', domains: domains.join(', '), setting });
  },
  (change, { desired: { values } }) => {
    if (change.class !== 'create') return undefined;
    // Roles come after the create.
    const flaws = recordFlaws({ ...newAccount.values, ...values, roles: newAccount.values.roles });
    if (flaws.length === 0) return undefined;
    return block('switch', {
      is: 'invalid-account',
      flaws: flaws.map(({ what }) => what).join(' and '),
      fields: flaws.map(({ attribute }) => attribute).join(' and '),
    });
  },
  (change, person, { facts, policy }) => {
    const service = person.desired.values.auth?.service;
    if (change.class !== 'auth' || service === undefined || policy.authServiceOff === 'warn') return undefined;
    if (person.live.user?.values.active !== true || facts.signInServices.has(service)) return undefined;
    return block('switch', { is: 'service-off', service });
  },
];

const anyDomain: EmailDomains = { members: [], guests: [] };
/** A person who signs in by these has the e-mail of the directory. */
const domainsAreFree: ReadonlySet<string> = new Set(['ldap', 'saml']);

/** The e-mail that a change gives to a new account, or to one that is there. */
function newEmailOf({ class: name, after }: Change): string | undefined {
  const email = name === 'email' ? after : name === 'create' && isPlanMap(after) ? after['email'] : undefined;
  return typeof email === 'string' ? email : undefined;
}

/** A person who leaves a provider has left it before a patch; one who joins a provider has not joined it yet. */
function serviceAtWrite({ live: { user }, desired: { values } }: Person): string {
  const now = user?.values.auth.service;
  return now === 'email' ? now : (values.auth?.service ?? now ?? 'email');
}

/** A guest whose entry names no roles, or those of a guest. */
function comesBackAsGuest({ live: { user }, desired }: Person): boolean {
  return user !== undefined && isGuest(user.values.roles) && isGuest(desired.values.roles ?? user.values.roles);
}
