/** What an entry says of an account: for `explain`, and as `import` writes it. */
import type { DesiredUser } from '../../model/desired-state.ts';
import { flawOfEmail } from '../../model/email-rules.ts';
import type { UserEntry } from '../../model/generated/users-file.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveUser } from '../../model/live-state.ts';
import type { PlanValue } from '../../model/plan.ts';
import { recordFlaws } from '../../model/record-rules.ts';
import type { Description, EntryPiece, ImportRules } from '../../model/resource-definition.ts';
import { attributeNames, userAttributes } from '../../model/user-attributes.ts';
import { impliedRoles, isGuest } from '../../model/user-rules.ts';
import type { UserAttribute, UserValues } from '../../model/user-values.ts';

export function describeUser({ values }: DesiredUser): Description {
  return {
    managed: attributeNames.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [{ name, wanted: asPlanValue(value) }];
    }),
    unmanaged: attributeNames.filter((name) => values[name] === undefined),
  };
}

const isList = (value: object): value is readonly string[] => Array.isArray(value);

function asPlanValue(value: UserValues[UserAttribute]): PlanValue {
  return typeof value === 'object' && !isList(value) ? { ...value } : value;
}

/** One attribute of an entry; a remark where it cannot say what is there. */
type Piece = Partial<UserEntry> | { readonly remark: string };
const nothing: Piece = {};

export function toUserEntry({ values }: LiveUser, _live: Partial<LiveByKind>, rules: ImportRules): EntryPiece {
  const flaws = recordFlaws(values);
  const remarks = flaws.map(({ what, cure }) => `the server calls ${what}, and refuses every change: ${cure}`);
  const fields: Partial<UserEntry> = {};
  for (const name of attributeNames) {
    // What the server would refuse today stays out of the file: it would be refused there, too.
    if (flaws.some(({ attribute }) => attribute === name)) continue;
    const piece = pieceOf(name, values, rules);
    if (piece === nothing) continue;
    if ('remark' in piece) remarks.push(piece.remark);
    else Object.assign(fields, piece);
  }
  return { fields, withheld: [], remarks };
}

function pieceOf(name: UserAttribute, values: UserValues, rules: ImportRules): Piece {
  const value = values[name];
  switch (userAttributes[name].imported) {
    case 'always':
      return { [name]: value };
    case 'unless-empty':
      return value === '' ? nothing : { [name]: value };
    case 'unless-default': {
      const common = rules.defaults[name];
      return common === undefined || value === common ? nothing : { [name]: value };
    }
    case 'by-rule':
      return rulesOf[name]?.(values, rules) ?? nothing;
    case 'never':
      return nothing;
  }
}

/** Attributes that no plain copy can stand for. */
const rulesOf: Readonly<Partial<Record<UserAttribute, (values: UserValues, rules: ImportRules) => Piece>>> = {
  email: ({ email }) => emailOf(email),
  roles: ({ roles }, rules) => rolesOf(roles, rules),
  active: ({ active }) => ({ active }),
  auth: ({ auth }) => authOf(auth),
};

/** An address that muster takes from no file stays out of it. */
function emailOf(email: string): Piece {
  const flaw = flawOfEmail(email, email);
  return flaw === undefined ? { email } : { remark: `e-mail left out: ${flaw.message}; ${flaw.hint}` };
}

function rolesOf(roles: readonly string[], { allowRoles, roles: there }: ImportRules): Piece {
  const isWritable =
    roles.length > 0 &&
    roles.every((role) => (role.startsWith('system_') || allowRoles.has(role)) && there.has(role)) &&
    !(isGuest(roles) && (roles.includes('system_user') || roles.includes('system_admin'))) &&
    impliedRoles(roles).length === roles.length;
  if (isWritable) return { roles: [...roles] };
  return {
    remark: roles.length === 0 ? 'has no roles at all: not managed here' : `roles not managed here: ${roles.join(' ')}`,
  };
}

function authOf(auth: UserValues['auth']): Piece {
  switch (auth.service) {
    case 'email':
      return { auth: { service: 'email' } };
    case 'ldap':
    case 'saml':
    case 'gitlab':
    case 'google':
    case 'office365':
    case 'openid':
      return { auth: auth.data === undefined ? { service: auth.service } : { service: auth.service, data: auth.data } };
    default:
      return { remark: `signs in by ${auth.service}: not managed here` };
  }
}
