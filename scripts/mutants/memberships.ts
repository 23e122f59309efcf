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

const base = { file: 'app/compare-base.ts', noticedBy: ['cli/base'], titles: /bundle|waiver/ };
const guests = { file: 'resources/membership/definition-guests.ts', noticedBy: ['apply/exact'] };
const review = {
  file: 'resources/membership/definition-review.ts',
  noticedBy: ['resources/membership/review'],
};
const auditing = {
  file: 'resources/membership/definition-audit.ts',
  noticedBy: ['resources/membership/review', 'audit/rules'],
};

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
    {
      ...base,
      text: 'withBundles(base, await bundlesOfBase(base))',
      becomes: 'withBundles(base, bundles)',
      breaks: 'A pull request changes what a bundle of a file gives, and neither plan nor lock say so.',
    },
    {
      ...base,
      text: 'compareWaivers(await base.waivers(dayIn), own.waivers)',
      becomes: 'compareWaivers(own.waivers, own.waivers)',
      breaks: 'A pull request adds a waiver, and neither plan nor lock say so.',
    },
    {
      ...guests,
      text: "change.class === 'channel-leave' && !left.has(team) && !staysIn.has(team)",
      becomes: "change.class === 'channel-leave' && left.has(team)",
      breaks: 'A guest leaves the last channel, and each apply finds that it must not be.',
    },
    {
      ...guests,
      text: 'isChannelPlace(place) && !left.has(place)',
      becomes: 'isChannelPlace(place)',
      breaks: 'A guest who leaves two channels at once has none left, and the server takes them out of the team.',
    },
    {
      file: 'resources/membership/live.ts',
      noticedBy: ['apply/exact'],
      text: 'one.isArchived || isJoinedWithTeam(place, known)',
      becomes: 'one.isArchived',
      breaks: 'Everyone who joins a team is taken out of off-topic by the next plan.',
    },
    {
      file: 'resources/membership/everything.ts',
      noticedBy: ['apply/returners'],
      text: 'new Set(found.flatMap((members)',
      becomes: 'new Set(found.slice(1).flatMap((members)',
      breaks: 'A person who left stays in a team.',
    },
    {
      file: 'resources/membership/live.ts',
      noticedBy: ['apply/returners'],
      text: 'inAny.has(id) ? own.members.get(id) : nowhere',
      becomes: 'nowhere',
      breaks: 'People who left stay in their teams.',
    },
    {
      file: 'app/files-then.ts',
      noticedBy: ['app/access'],
      text: 'roles !== undefined && !lacksBundle',
      becomes: 'roles !== undefined',
      breaks: 'An auditor is told roles of then without those that a bundle gave.',
    },
    {
      ...review,
      text: 'if (isLastChannel(place)) byHand.set(',
      becomes: 'if (isLastChannel(place) && isAway) byHand.set(',
      breaks: 'A review that revokes the last channel of a guest writes an entry that is refused.',
    },
    {
      ...review,
      text: '(desired?.bundlePlaces ?? []).length > 0',
      becomes: '(desired?.bundlePlaces ?? []).length > 1',
      breaks: 'A review writes an entry that contradicts its bundle.',
    },
    {
      ...review,
      text: 'given: [], taken: [grantKey(place), adminKey(place)]',
      becomes: 'given: [], taken: [grantKey(place)]',
      breaks: 'Evidence shows a person as the administrator of a team that they left.',
    },
    {
      ...auditing,
      text: 'const isHeld = active || isPrivate(one);',
      becomes: 'const isHeld = active;',
      breaks: 'A review leaves out the private channels of people who left.',
    },
    {
      ...auditing,
      text: 'isPrivileged: !isChannel',
      becomes: 'isPrivileged: isChannel',
      breaks: 'The administration of a team is no privilege in a review.',
    },
    {
      ...auditing,
      text: 'const isPrivate = (one: LiveMembership): boolean => one.isPrivate === true;',
      becomes: 'const isPrivate = (one: LiveMembership): boolean => one.isAdmin;',
      breaks: 'The audit does not name the private channels that a person who left is in.',
    },
    {
      ...auditing,
      text: 'active && !isBot && !isRemote && !members.some(',
      becomes: 'active && !isBot && !isRemote && members.some(',
      breaks: 'The audit does not name people who see nothing.',
    },
  ],
};
