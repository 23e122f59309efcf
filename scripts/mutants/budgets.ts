/** Budgets, what earlier runs used of them, approvals, gains by date. */
import type { Area } from './mutant.ts';

const budgets = { file: 'plan/rails/budgets.ts', noticedBy: ['plan/budgets'] };
const window = { file: 'runs/window.ts', noticedBy: ['runs/window'] };

export const budgetsAndWindow: Area = {
  mutants: [
    {
      ...budgets,
      text: 'if (before + count <= limit) return [];',
      becomes: 'if (before + count <= limit + 1) return [];',
      breaks: 'Each budget is one larger than it says.',
    },
    {
      ...budgets,
      text: 'if (before + count <= limit) return [];',
      becomes: 'if (count <= limit) return [];',
      breaks: 'What earlier runs used does not count.',
    },
    {
      ...budgets,
      text: 'const added = [...now].filter((key) => !known.has(key)).length;',
      becomes: 'const added = now.size;',
      breaks: 'Who counts already counts twice.',
    },
    {
      ...budgets,
      text: 'Math.max(known.size, (recorded.get(name) ?? 0) - elsewhere)',
      becomes: 'Math.min(known.size, (recorded.get(name) ?? 0) - elsewhere)',
      breaks: 'A machine without journals forgets what the server recorded.',
    },
    {
      ...budgets,
      text: 'approval.state === state && covers',
      becomes: "approval.state !== 'expired' && covers",
      breaks: 'An approval counts that is given for too long, or that nobody merged.',
    },
    {
      ...budgets,
      text: ' && !isOwn(approval, changes));',
      becomes: ');',
      breaks: 'A person lifts the budget for themselves.',
      noticedBy: ['plan/budgets'],
    },
    {
      ...budgets,
      text: 'return changes.every(({ change }) => users.has(change.person));',
      becomes: 'return changes.some(({ change }) => users.has(change.person));',
      breaks: 'An approval for one person lifts the budget for all.',
      noticedBy: ['plan/budgets'],
    },
    {
      ...budgets,
      text: 'return { id, account, whom,',
      becomes: 'return { id, whom,',
      breaks: 'An approval of changes still counts where an entry has come to mean another account.',
    },
    {
      ...budgets,
      text: 'for (const { change } of excess.changes) if (!blocks.has(change)) blocks.set(change, stopped);',
      becomes:
        'for (const { change } of excess.changes.slice(0, excess.count - excess.limit)) blocks.set(change, stopped);',
      breaks: 'A part of a class passes by chance.',
    },
    {
      file: 'model/last-day.ts',
      text: 'if (!isRealDay(lastDay) || daysLeft < 0)',
      becomes: 'if (!isRealDay(lastDay) || daysLeft < -1)',
      breaks: 'An approval counts on the day after its last.',
      noticedBy: ['config/approvals'],
    },
    {
      file: 'plan/rails/window.ts',
      text: "state === 'known' || wanted === 'report'",
      becomes: "state === 'known' || wanted !== 'report'",
      breaks: 'The policy to require the window blocks nothing.',
      noticedBy: ['apply/window'],
    },
    {
      file: 'plan/rails/not-shown.ts',
      text: "one.change.concerns_admin === 'gain' && isDueByDate",
      becomes: "one.change.class === 'admin-gain' && isDueByDate",
      breaks: 'A return by date makes an administrator whom no plan showed.',
      noticedBy: ['app/scheduled', 'cli/dated-administration'],
    },
    {
      file: 'plan/rails/not-shown.ts',
      text: '&& !wasShown(one)',
      becomes: '&& shown.keys.size === 0',
      breaks: 'One gain that was shown lets every other pass.',
      noticedBy: ['app/approved-changes'],
    },
    {
      file: 'model/shown.ts',
      text: 'after ?? null, whom ?? null]',
      becomes: 'after ?? null]',
      breaks: 'A gain that was shown for one account passes for another one of that name.',
      noticedBy: ['app/approved-changes'],
    },
    {
      file: 'plan/whom.ts',
      text: 'accountOf(person) === undefined || !isAsDeclared(person)',
      becomes: 'accountOf(person) === undefined',
      breaks: 'A gain that was shown for a new account passes for one that was there.',
      noticedBy: ['app/approved-changes'],
    },
    {
      file: 'app/plan.ts',
      text: 'older?.isKnown === true ? [...shown, ...shownIn(older.plan)] : shown',
      becomes: 'older !== undefined ? [...shown, ...shownIn(older.plan)] : shown',
      breaks: 'A plan file shows a gain by itself, whoever wrote it.',
      noticedBy: ['cli/edited-plans'],
    },
    {
      ...budgets,
      text: 'before, after, destination, terms, source };\n  });',
      becomes: 'before, after };\n  });',
      breaks: 'An approval counts also where a secret goes elsewhere, or comes from elsewhere.',
      noticedBy: ['app/approved-changes'],
    },
    {
      ...budgets,
      text: 'const whom = account === undefined ? whomOf(person) : undefined;',
      becomes: 'const whom = undefined;',
      breaks: 'An approval for a new person counts for another one of that name.',
      noticedBy: ['app/approved-changes'],
    },
    {
      ...window,
      text: '({ atMs }) => atMs > nowMs - windowMs);\n  const ofAccount',
      becomes: '({ atMs }) => atMs > nowMs - windowMs && atMs <= nowMs);\n  const ofAccount',
      breaks: 'A clock that was put back frees the budgets.',
      noticedBy: ['apply/window'],
    },
    {
      ...window,
      text: 'const isPerhapsWritten: Meant = (history) => history !== undefined && mayBeWritten(history);',
      becomes: 'const isPerhapsWritten: Meant = (history) => history !== undefined && isDone(history);',
      breaks: 'A call whose response was lost uses nothing of a budget.',
    },
    {
      ...window,
      text: 'history !== undefined && isDone(history) && mayBeWritten(history)',
      becomes: 'history !== undefined && mayBeWritten(history)',
      breaks: 'An undo gives back what it may have failed to undo.',
    },
    {
      ...window,
      text: 'if (count <= seen) continue;',
      becomes: 'if (seen > 0) continue;',
      breaks: 'A journal that lost its end hides what the server recorded.',
    },
    {
      ...window,
      text: '    counts = !counts;\n',
      becomes: '    counts = false;\n',
      breaks: 'An undo of an undo uses nothing of a budget, though it does it again.',
    },
    {
      ...window,
      text: "return attribute !== 'roles' || (back.change.before === after && back.change.after === before);",
      becomes: 'return attribute === back.change.attribute;',
      breaks: 'Taking one role back gives back what other roles used.',
    },
    {
      ...window,
      text: "state: past.isComplete || records !== undefined ? 'known' : 'unknown',",
      becomes: "state: 'known',",
      breaks: 'A plan that was counted alone says that it knows the window.',
    },
    {
      file: 'app/window.ts',
      text: 'if (count > 0 && counts.has(name)',
      becomes: 'if (count > 1 && counts.has(name)',
      breaks: 'Two machines use a budget twice.',
      noticedBy: ['apply/window'],
    },
    {
      file: 'app/window.ts',
      text: 'if (previous !== undefined && previous.done.size + previous.uncertain.size > 0)',
      becomes: 'if (previous !== undefined && previous.done.size < 0)',
      breaks: 'A resumed run lowers what its earlier process recorded.',
      noticedBy: ['apply/window'],
    },
    {
      file: 'app/carry-out.ts',
      text: 'await recordBeginning({ run, plan, facts, client, state, undoes, window }, settings.policy, lease, ports);\n',
      becomes: '',
      breaks: 'Nothing on the server tells of a run before its first write.',
      noticedBy: ['apply/window'],
    },
  ],
};
