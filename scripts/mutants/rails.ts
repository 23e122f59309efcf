/** What must not be done, or is too much. */
import type { Area } from './mutant.ts';

const minAdmins = { file: 'plan/rails/min-admins.ts', noticedBy: ['plan/rails/min-admins'] };
const seats = { file: 'plan/rails/seats.ts', noticedBy: ['plan/rails/seats'] };

export const rails: Area = {
  mutants: [
    {
      ...minAdmins,
      text: "return effect === 'loss' || effect === 'may-lose';",
      becomes: "return effect === 'loss';",
      breaks: 'Who may lose the way to sign in counts as an administrator who stays.',
    },
    {
      ...minAdmins,
      text: 'left >= policy.minAdmins',
      becomes: 'left + 1 >= policy.minAdmins',
      breaks: 'One administrator fewer than the policy asks for may be left.',
    },
    {
      ...minAdmins,
      text: 'const before = facts.admins.filter((admin) => canAdminister(admin, facts.signInServices));',
      becomes: 'const before = facts.admins;',
      breaks: 'Administrators who cannot sign in count as some who stay.',
    },
    {
      ...minAdmins,
      text: 'admin) => !lost.has(admin.id) && isCertain(admin)',
      becomes: 'admin) => !lost.has(admin.id)',
      breaks: 'Administrators whom an unusable entry may mean count as certain.',
      noticedBy: ['plan/unusable'],
    },
    {
      ...minAdmins,
      text: 'const needed = person.live.user?.values.active === true ? 1 : 2;',
      becomes: 'const needed = 1;',
      breaks: 'A loss is planned that the server refuses, of an account that is inactive.',
    },
    {
      ...minAdmins,
      text: 'const active = facts.admins.filter(({ isBot, isRemote }) => !isBot && !isRemote);',
      becomes: 'const active = facts.admins;',
      breaks: 'Bots count as administrators with whom the server lets the others go.',
    },
    {
      file: 'model/admin-rules.ts',
      text: 'signInServices.has(values.auth.service)',
      becomes: '(signInServices.has(values.auth.service) || values.roles.length > 0)',
      breaks: 'Who signs in through a service that is off counts as an administrator.',
      noticedBy: ['plan/rails/min-admins'],
    },
    {
      ...seats,
      text: 'if (taken.length + mayJoin <= available)',
      becomes: 'if (taken.length + mayJoin <= available + 1)',
      breaks: 'One person more comes in than there are seats.',
    },
    {
      ...seats,
      text: 'if (taken.length + mayJoin <= available)',
      becomes: 'if (taken.length <= available)',
      breaks: 'Seats are given away that people need whose entries cannot be used yet.',
      noticedBy: ['plan/unusable', 'plan/rails/seats'],
    },
    {
      ...seats,
      text: "rowOf(change).seat === 'takes'",
      becomes: "change.class === 'create'",
      breaks: 'Who comes back takes no seat.',
    },
    {
      file: 'plan/rails/permission.ts',
      text: 'if (facts.caller.permissions.has(needed)) return undefined;',
      becomes: 'if (facts.caller.permissions.size > 0) return undefined;',
      breaks: 'A caller with one permission counts as one with all.',
      noticedBy: ['plan/rails/permission'],
    },
    {
      file: 'plan/rails/destination.ts',
      text: 'delivery?.isMachineTemporary !== true',
      becomes: 'delivery?.isMachineTemporary === undefined',
      breaks: 'Secrets are blocked also on a machine that stays.',
      noticedBy: ['plan/rails/destination'],
    },
    {
      file: 'plan/rails/empty-desired-state.ts',
      text: 'desired.users.length > 0',
      becomes: 'desired.users.length >= 0',
      breaks: 'Files that declare nobody make a plan.',
      noticedBy: ['plan/rails/empty-desired-state'],
    },
    {
      file: 'plan/rails/switches.ts',
      text: 'return byKind.get(rowOf(change).kind)?.switchedOff(change, person, context);',
      becomes: 'return byKind.size > 0 ? undefined : undefined;',
      breaks: 'Calls are planned that a switched-off feature refuses.',
      noticedBy: ['plan/rails/switches'],
    },
    {
      file: 'plan/rails/index.ts',
      text: '=> followPrerequisites(applyRail(state, rail, context), needs), sorted)',
      becomes: '=> applyRail(state, rail, context), sorted)',
      breaks: 'What needs a blocked change is done without it.',
      noticedBy: ['plan/budgets', 'plan/rails/seats'],
    },
    {
      file: 'plan/hands-off.ts',
      text: 'if (live.id === caller.id) {',
      becomes: 'if (live.id === caller.id && caller.ownerId === undefined) {',
      breaks: 'A bot with an owner takes its own access away.',
      noticedBy: ['plan/hands-off'],
    },
    {
      file: 'plan/hands-off.ts',
      text: 'const usernames = live === undefined ? [desired.username] : [desired.username, live.values.username];',
      becomes: 'const usernames = [desired.username];',
      breaks: 'A protected account is open to an entry with another name.',
      noticedBy: ['plan/hands-off'],
    },
    {
      file: 'plan/make-plan.ts',
      text: 'const uncounted = applyRails(possible, needs, context, protecting);\n  const sorted',
      becomes: 'const uncounted = applyRails(possible, needs, context, []);\n  const sorted',
      breaks: 'Nothing proves that enough administrators are left.',
      noticedBy: ['plan/rails/min-admins'],
    },
    {
      file: 'plan/make-plan.ts',
      text: 'const uncounted = applyRails(whole, needs, context, protecting);',
      becomes: 'const uncounted = applyRails(whole, needs, context, []);',
      breaks: 'A plan file locks administrators out who became the last since it was made.',
      noticedBy: ['plan/selection'],
    },
  ],
};
