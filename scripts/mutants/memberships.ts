/** Teams and channels: who else decides, who has to be left, room, order, and answers that say less than was asked. */
import type { Area } from './mutant.ts';

const refusals = {
  file: 'resources/membership/definition-refusals.ts',
  noticedBy: ['resources/membership/definition'],
};
const owner = { file: 'resources/membership/definition-owner.ts', noticedBy: ['resources/membership/definition'] };
const diff = { file: 'resources/membership/definition-diff.ts', noticedBy: ['resources/membership/definition'] };
const atApply = { file: 'resources/membership/protected.ts', noticedBy: ['apply/memberships'] };
const operations = { file: 'resources/membership/operations.ts', noticedBy: ['apply/memberships'] };

const beyond = {
  file: 'resources/membership/definition-beyond.ts',
  noticedBy: ['resources/membership/returners', 'apply/returners'],
};
const exact = { file: 'resources/membership/definition-exact.ts', noticedBy: ['apply/exact'] };
const whole = { file: 'resources/membership/whole.ts', noticedBy: ['apply/returners'] };

export const memberships: Area = {
  mutants: [
    {
      ...beyond,
      text: "if (one.now !== 'admin') return [];",
      becomes: "if (one.now !== 'member') return [];",
      breaks: 'A person comes back as the administrator of a team that the entry does not name.',
    },
    {
      ...beyond,
      text: "(returnerMemberships === 'leave' && isGrave(one))",
      becomes: "(returnerMemberships === 'leave' && isTeam(one))",
      breaks: 'A person comes back to private channels that the entry does not name.',
    },
    {
      ...beyond,
      text: 'losing.has(team) && !staying.has(team)',
      becomes: 'losing.has(team) && staying.has(team)',
      breaks:
        'A guest who leaves the last channel is taken out of the team by the server, and does not come back to it.',
    },
    {
      ...whole,
      text: 'rows.size === channels.length && channels.every(({ id }) => rows.has(id))',
      becomes: 'channels.length > 0',
      breaks: 'An answer that leaves a channel out passes for the whole, and its administration comes back.',
    },
    {
      ...whole,
      text: 'delete_at }) => delete_at === 0',
      becomes: 'delete_at }) => delete_at >= 0',
      breaks: 'A team that a person left long ago passes for one that comes back.',
    },
    {
      ...exact,
      text: 'const owner = holdOf(one) ?? ownerOf(',
      becomes: 'const owner = ownerOf(',
      breaks:
        'A bot, an account of another server, or a person whose entry names no teams is taken out of an exact team.',
    },
    {
      file: 'resources/membership/inside.ts',
      noticedBy: ['apply/exact'],
      text: 'if (found >= before && found <= after) return undefined;',
      becomes: 'if (found <= after) return undefined;',
      breaks: 'A listing that misses members passes for the whole.',
    },
    {
      file: 'desired/expand-entry.ts',
      noticedBy: ['desired/bundles'],
      text: 'role !== undefined && into.role !== undefined && role !== into.role',
      becomes: 'role !== undefined && into.role !== undefined && role === into.role',
      breaks: 'Of two bundles that contradict each other one wins.',
    },
    {
      file: 'desired/load-bundles.ts',
      noticedBy: ['desired/bundles'],
      text: 'if (administrative.has(role))',
      becomes: "if (role === '')",
      breaks: 'A bundle raises everyone who names it to administrator.',
    },
    {
      file: 'plan/strangers.ts',
      noticedBy: ['apply/exact'],
      text: 'const [doubt] = doubts.about(live);',
      becomes: 'const [doubt] = doubts.about(live).slice(0, 0);',
      breaks: 'An account that an unusable entry may mean is taken out of an exact team.',
    },
    {
      file: 'resources/membership/definition-needs.ts',
      noticedBy: ['apply/returners'],
      text: "change.part_of === 'leave' && other.class === 'deactivate'",
      becomes: "change.part_of === 'leave' && other.class === 'activate'",
      breaks: 'A person whose deactivation is blocked is taken out of all teams.',
    },
    {
      ...refusals,
      text: '[...admins].some((id) => !gone.has(id))',
      becomes: 'admins.size > 0',
      breaks: 'The last administrators of a team take the place of each other, and all go.',
    },
    {
      ...refusals,
      text: "name === 'team-admin-loss' || (name === 'team-leave' && before === 'admin')",
      becomes: "name === 'team-admin-loss'",
      breaks: 'The last administrator of a team leaves it.',
    },
    {
      ...refusals,
      text: 'if (admins !== undefined && [...admins]',
      becomes: 'if (admins === undefined || [...admins]',
      breaks: 'A team loses an administrator although it is not known whether there is another one.',
    },
    {
      ...refusals,
      text: 'activeMembers > leaving.length',
      becomes: 'activeMembers >= leaving.length',
      breaks: 'A private channel is left without a member.',
    },
    {
      ...refusals,
      text: 'if (own.length <= free) return undefined;',
      becomes: 'if (free > 0) return undefined;',
      breaks: 'More people are sent into a team than it has seats.',
    },
    {
      ...owner,
      text: '(channel ?? team).isGroupSynced',
      becomes: 'channel?.isGroupSynced === true',
      breaks: 'Changes are sent to a team whose members are those of groups.',
    },
    {
      ...owner,
      text: 'channel?.hasPolicy === true && channel.isPrivate',
      becomes: 'channel?.hasPolicy === true && !channel.isPrivate',
      breaks: 'A join of a channel with an access policy is sent, and refused each time.',
    },
    {
      ...diff,
      text: "role === undefined && now === 'admin' && person.transition === 'returns'",
      becomes: "role === undefined && now === 'admin' && person.transition === 'joins'",
      breaks: 'Who comes back administers a team that the entry does not give to them.',
    },
    {
      ...diff,
      text: 'else if (member && there.isArchived)',
      becomes: 'else if (!member && there.isArchived)',
      breaks: 'A person is added to an archived team, which the server allows.',
    },
    {
      ...diff,
      text: "{ ...change, part_of: 'guest-move' }",
      becomes: 'change',
      breaks: 'A guest whose new channel failed leaves the last one, and with it the team.',
    },
    {
      ...atApply,
      text: 'row.scheme_admin && row.delete_at === 0 && row.user_id !== account',
      becomes: 'row.scheme_admin && row.delete_at === 0',
      breaks: 'The last administrator of a team goes where the other one went between plan and apply.',
    },
    {
      ...atApply,
      text: 'if (active > 1 || ',
      becomes: 'if (active > 0 || ',
      breaks: 'A private channel is emptied where the other one left between plan and apply.',
    },
    {
      ...operations,
      text: 'responses.set(action.id, own ?? (await runMembershipCall(call, account, client)));',
      becomes: "responses.set(action.id, own ?? { status: 'written', notes: [] });",
      breaks: 'A person of whom the server says nothing is called added.',
    },
    {
      ...operations,
      text: 'if (error !== undefined) return [[id, refusedBy(error)] as const];',
      becomes: 'if (error !== undefined) return [[id, added] as const];',
      breaks: 'A person whom a plugin kept out is called added until the end of the run.',
    },
  ],
};
