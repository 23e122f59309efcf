/** What `init` writes. Pure. */
import { resolveAudit } from '../config/audit-settings.ts';
import { resolvePolicy } from '../config/settings.ts';
import { usersFileName } from '../desired/find-files.ts';
import type { Budget } from '../model/approval.ts';

/** @param server - absent: it stands beside the token, and the file has a comment in its place */
export function configText(server: string | undefined): string {
  const policy = resolvePolicy({});
  const audit = resolveAudit({});
  const budgets = Object.entries(policy.budgets).map(([name, budget]) => `    ${name}: ${budgetText(budget)}`);
  const lines: readonly (readonly [setting: string, about: string])[] = [
    [`  undeclared_users: ${policy.undeclaredUsers}`, 'name active accounts that no entry stands for, or ignore'],
    [`  foreign_tokens: ${policy.foreignTokens}`, 'tokens that muster did not make: or ignore, disable, revoke'],
    [`  invite: ${policy.invite}`, 'or reset_mail: new people get a link to set a password'],
    [
      `  leavers: { tokens: ${policy.leaverTokens}, memberships: ${policy.leaverMemberships} }`,
      'of who leaves; tokens: or revoke, keep; memberships: or leave',
    ],
    [
      `  returners: { memberships: ${policy.returnerMemberships} }`,
      'teams that the entry does not name, of who comes back: or leave',
    ],
    [
      `  memberships: { exact: [${policy.exactPlaces.join(', ')}] }`,
      'teams, and channels as team/channel, that hold no one else',
    ],
    [`  protect: [${policy.protect.join(', ')}]`, 'usernames of accounts that muster never changes'],
    [`  min_admins: ${policy.minAdmins}`, 'so many people must keep administration and be able to sign in'],
    [`  time_zone: ${policy.timeZone}`, 'in which bare dates are read, such as Europe/Berlin'],
    [`  allow_roles: [${policy.allowRoles.join(', ')}]`, 'roles that do not begin with system_'],
    [`  auth_service_off: ${policy.authServiceOff}`, 'a move to a sign-in service that is off: or warn'],
    [`  approvals: { signature: ${policy.approvalSignature} }`, 'whether git proves who approved: or off, require'],
    ['  review: { owners: [] }', 'who decides about whom in access reviews; else one file is for everyone'],
    [`  audit: { leaver_hours: ${audit.leaverHours} }`, 'by when access must be gone after it ended'],
    [`  window: ${policy.window}`, 'where nothing tells what changed in the last 24 hours: or require, to block'],
    ['  locked: false', 'true in the base: a pull request cannot change this file and the approvals'],
  ];
  const width = Math.max(...lines.map(([setting]) => setting.length));
  const commented = [
    'policy:',
    ...lines.map(([setting, about]) => `${setting.padEnd(width)} # ${about}`),
    '  budgets: # how many people one plan may change, by class: min(cap, max(floor, share of them))',
    ...budgets,
  ].map((line) => `# ${line}`);
  return `# How: few people should be able to change this file. Never a token here: MUSTER_TOKEN or MUSTER_TOKEN_FILE.
version: 1
${server === undefined ? '# server: https://chat.example.com' : `server: ${JSON.stringify(server)}`} # the token has to belong to it: MUSTER_SERVER
files: [${usersFileName}]

# What holds where this file says nothing. Take the # away to change it.
${commented.join('\n')}
`;
}

function budgetText({ maxShare, floor, cap }: Budget): string {
  return `{ share: ${maxShare}, floor: ${floor}${cap === undefined ? '' : `, cap: ${cap}`} }`;
}

export const ignored: readonly string[] = ['secrets/', 'plan.json', '*.plan.json', '.muster/'];

export const gitignoreText: string = `# Secrets of new tokens, plan files, a state directory here (--state-dir .muster): never committed.
${ignored.join('\n')}
`;

const bare = (line: string): string => line.trim().replace(/^\//, '').replace(/\/$/, '');

/** Of what must never be committed: what a `.gitignore` does not name in these words. */
export function notIgnored(text: string): readonly string[] {
  const named = new Set(text.split('\n').map(bare));
  return ignored.filter((line) => !named.has(bare(line)));
}
