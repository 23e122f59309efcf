/** What comes before what, and what needs what. */
import type { Area } from './mutant.ts';

const order = { file: 'plan/order.ts', noticedBy: ['plan/order'] };
const needs = { file: 'plan/prerequisites.ts', noticedBy: ['plan/prerequisites'] };
const cycles = { file: 'plan/cycles.ts', noticedBy: ['plan/cycles'] };
const schedule = { file: 'apply/schedule.ts', noticedBy: ['apply/schedule'] };

export const orderAndNeeds: Area = {
  mutants: [
    {
      ...order,
      text: "isSibling || takesAway(later.draft) ? 'end' : 'success'",
      becomes: "isSibling || takesAway(later.draft) ? 'success' : 'end'",
      breaks: 'A patch that fails keeps a leaver active, and a returner is let in with what they had.',
    },
    {
      ...order,
      text: "part === 'rotation' || part === 'guest-move'",
      becomes: "part === 'guest-move'",
      breaks: 'The old token of a rotation goes although the new one failed.',
    },
    {
      ...order,
      text: 'changes.every((change) => accessOf(change)',
      becomes: 'changes.some((change) => accessOf(change)',
      breaks: 'A call that also gives access does not need what stands before it.',
    },
    {
      ...order,
      text: 'for (const earlier of own.slice(0, i)) {',
      becomes: 'for (const earlier of own.slice(Math.max(0, i - 1), i)) {',
      breaks: 'An action waits only for the one right before it.',
    },
    {
      ...order,
      text: 'if (areSeatsTight) orderSeats(numbered, add);',
      becomes: 'if (!areSeatsTight) orderSeats(numbered, add);',
      breaks: 'On a full server people come in before others have left.',
    },
    {
      ...order,
      text: "if (loss.username !== gain.username && !needsItsSeat) add(loss, gain, 'success');",
      becomes: "if (loss.username !== gain.username && !needsItsSeat) add(loss, gain, 'end');",
      breaks: 'An administrator goes although the new one was not made.',
    },
    {
      ...order,
      text: "if (loss.username !== gain.username && !needsItsSeat) add(loss, gain, 'success');",
      becomes: "if (loss.username !== gain.username && !needsItsSeat) add(gain, loss, 'success');",
      breaks: 'The new administrator is made after the old one went.',
    },
    {
      ...order,
      text: 'const needsItsSeat = leaving.has(loss.username) && gain.draft.account === undefined;',
      becomes: 'const needsItsSeat = leaving.has(loss.username);',
      breaks: 'On a full server a loss does not wait for the gain of somebody who is there.',
    },
    {
      ...order,
      text: "draft.lane === 'admin-loss' && !changesSignIn(draft)",
      becomes: "draft.lane === 'admin-loss'",
      breaks: 'Who changes the sign-in waits for a gain that waits for the name.',
    },
    {
      ...order,
      text: "add(later, earlier, 'success');\n  }\n}",
      becomes: "add(earlier, later, 'success');\n  }\n}",
      breaks: 'A name is taken before it is free.',
    },
    {
      ...order,
      text: "for (const later of coming) for (const earlier of leaving) add(later, earlier, 'end');",
      becomes: "for (const later of coming) for (const earlier of leaving.slice(1)) add(later, earlier, 'end');",
      breaks: 'People come in before the first seat is free.',
    },
    {
      file: 'model/plan.ts',
      text: "'roles',\n  'mfa',\n  'leave-before-return',\n  'activate',",
      becomes: "'activate',\n  'roles',\n  'mfa',\n  'leave-before-return',",
      breaks: 'A returner is active with the roles of before.',
      noticedBy: ['plan/order'],
    },
    {
      file: 'model/plan.ts',
      text: "'leave-provider',\n  'step-aside',\n  'patch',\n  'join-provider',",
      becomes: "'step-aside',\n  'patch',\n  'leave-provider',\n  'join-provider',",
      breaks: 'Fields are written while the provider still owns them.',
      noticedBy: ['plan/order'],
    },
    {
      file: 'model/plan.ts',
      text: "'tokens',\n  'retire-tokens',\n  'deactivate',",
      becomes: "'retire-tokens',\n  'tokens',\n  'deactivate',",
      breaks: 'The old token goes before its successor is there.',
      noticedBy: ['plan/order'],
    },
    {
      ...needs,
      text: "if (other.class === 'create') return { because: 'the account is not created' };",
      becomes:
        "if (other.class === 'create' && change.class !== 'token-create') return { because: 'the account is not created' };",
      breaks: 'A token is planned for an account that is not created.',
      noticedBy: ['plan/narrow', 'plan/budgets'],
    },
    {
      ...needs,
      text: "if (change.class === 'activate' && isLeftover(other))",
      becomes: "if (change.class === 'activate' && isLeftover(other) && other.class !== 'token-disable')",
      breaks: 'Somebody comes back while a token of before cannot be disabled.',
      noticedBy: ['plan/order', 'plan/prerequisites', 'plan/plan-properties'],
    },
    {
      ...needs,
      text: "(accessOf(change) === 'takes' || change.class === 'guest')",
      becomes: "(accessOf(change) === 'takes')",
      breaks: 'Somebody comes back although a change that gives and takes did not pass.',
      noticedBy: ['plan/prerequisites', 'plan/plan-properties'],
    },
    {
      ...needs,
      text: "change.part_of === 'return' && other.class === 'activate'",
      becomes: "change.part_of === 'return' && other.class === 'create'",
      breaks: 'A returner loses roles and tokens although the return is held.',
    },
    {
      ...needs,
      text: '.filter(({ name }) => !freed.has(name))',
      becomes: '.filter(({ name }) => freed.size === 0 && !freed.has(name))',
      breaks: 'A name is taken that nobody gives up, where others give up theirs.',
    },
    {
      ...needs,
      text: 'Number(isHeld(b)) - Number(isHeld(a))',
      becomes: 'Number(isHeld(a)) - Number(isHeld(b))',
      breaks: 'Of two reasons the one is named that nobody can do anything about.',
      noticedBy: ['plan/prerequisites'],
    },
    {
      ...needs,
      text: "...(changeClass === 'auth' ? authData(before) : [])",
      becomes: '...[]',
      breaks: 'A sign-in that is being freed counts as taken.',
    },
    {
      ...cycles,
      text: "freeing.change.class === 'rename' && isKnownBeyondNames(freeing)",
      becomes: "freeing.change.class === 'rename'",
      breaks: 'People are renamed aside whom nobody could tell apart if the run ended then.',
    },
    {
      ...cycles,
      text: 'needs: [...redirected, ...sharedFates],',
      becomes: 'needs: redirected,',
      breaks: 'Somebody steps aside in vain, and keeps a name of muster’s.',
    },
    {
      ...schedule,
      text: "if (need === 'end' || this.#outcomes.get(id)?.status === 'done') continue;",
      becomes: 'if (this.#outcomes.has(id)) continue;',
      breaks: 'What needs success is done after a failure.',
    },
    {
      ...schedule,
      text: 'if (dependent === undefined || open > 0) continue;',
      becomes: 'if (dependent === undefined) continue;',
      breaks: 'An action begins when the first of those before it has ended.',
    },
    {
      file: 'plan/narrow.ts',
      text: 'const lost = needs.filter(({ change, needs: other }) => kept.has(change.change) && !kept.has(other.change));\n    if (lost.length === 0) return',
      becomes: 'const lost = needs.filter(() => false);\n    if (lost.length === 0) return',
      breaks: 'A limited run does half of a thing.',
      noticedBy: ['plan/narrow'],
    },
    {
      file: 'plan/narrow.ts',
      text: '(users === undefined || users.has(change.person)) && (classes === undefined || classes.has(change.class))',
      becomes: '(users?.has(change.person) ?? classes?.has(change.class) ?? true)',
      breaks: '--only says nothing where --user is given.',
      noticedBy: ['plan/narrow'],
    },
  ],
};
