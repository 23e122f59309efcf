/** What a run ends with. */
import type { Area } from './mutant.ts';

const stateRows = { file: 'model/messages/state-errors.ts', noticedBy: ['cli/exit-codes'] };
const codes = { file: 'cli/exit-codes.ts', noticedBy: ['cli/exit-codes'] };

export const exitCodes: Area = {
  mutants: [
    {
      ...codes,
      text: '[exitCodes.interrupted]: 1,\n  [exitCodes.bug]: 2,',
      becomes: '[exitCodes.interrupted]: 2,\n  [exitCodes.bug]: 1,',
      breaks: 'A bug hides that a run was interrupted.',
    },
    {
      ...codes,
      text: '[exitCodes.failed]: 8,\n  [exitCodes.blocked]: 9,',
      becomes: '[exitCodes.failed]: 9,\n  [exitCodes.blocked]: 8,',
      breaks: 'A blocked change hides that others failed.',
    },
    {
      ...codes,
      text: '[exitCodes.blocked]: 9,\n  [exitCodes.findings]: 10,\n  [exitCodes.changes]: 11,',
      becomes: '[exitCodes.changes]: 9,\n  [exitCodes.findings]: 10,\n  [exitCodes.blocked]: 11,',
      breaks: 'Changes hide that others are blocked.',
    },
    {
      ...codes,
      text: 'precedence[one] - precedence[other]',
      becomes: 'precedence[other] - precedence[one]',
      breaks: 'The least serious of several codes is told.',
    },
    {
      ...codes,
      text: '...(summary.unusable === undefined ? [] : [exitCodes.input]),\n',
      becomes: '',
      breaks: 'A plan without the people whose entries are wrong ends well.',
      noticedBy: ['cli/unusable'],
    },
    {
      ...codes,
      text: '...(summary.blocked > 0 ? [exitCodes.blocked] : []),\n',
      becomes: '',
      breaks: 'A plan of which a rail blocked a part ends well.',
    },
    {
      ...codes,
      text: '...(detailed && summary.actions > 0 ?',
      becomes: '...(detailed && summary.actions > 1 ?',
      breaks: 'A pipeline that waits for changes misses a single one.',
    },
    {
      ...codes,
      text: '  if (interrupted) return exitCodes.interrupted;\n',
      becomes: '',
      breaks: 'An interrupted run ends as one that failed.',
    },
    {
      ...codes,
      text: "results.every(({ outcome }) => outcome.status === 'done')",
      becomes: "results.every(({ outcome }) => outcome.status !== 'failed')",
      breaks: 'A run of which a part is stale or skipped ends well.',
    },
    {
      ...stateRows,
      text: "LOCKED: {\n    exit: 'locked'",
      becomes: "LOCKED: {\n    exit: 'failed'",
      breaks: 'A pipeline cannot tell another run from a failure.',
    },
    {
      ...stateRows,
      text: "JOURNAL_TAMPERED: {\n    exit: 'tampered'",
      becomes: "JOURNAL_TAMPERED: {\n    exit: 'input'",
      breaks: 'A journal that somebody edited is told as a mistake in the input.',
    },
    {
      ...stateRows,
      text: "STATE_TAMPERED: {\n    exit: 'tampered'",
      becomes: "STATE_TAMPERED: {\n    exit: 'input'",
      breaks: 'A state directory that somebody edited is told as a mistake in the input.',
      noticedBy: ['app/trust', 'cli/exit-codes'],
    },
    {
      ...codes,
      text: "errorRowOf(error.code).exit : 'bug'",
      becomes: "errorRowOf(error.code).exit : 'failed'",
      breaks: 'A bug passes for a failed change.',
    },
    {
      file: 'model/messages/run-errors.ts',
      noticedBy: ['cli/exit-codes'],
      text: "READ_NOT_COMPLETE: {\n    exit: 'unreadable'",
      becomes: "READ_NOT_COMPLETE: {\n    exit: 'bug'",
      breaks: 'What the server is to blame for is told as a bug.',
    },
    {
      file: 'cli/run-and-report.ts',
      text: 'return mostSerious([codeOfApply(result), ofPlan]);',
      becomes: 'return codeOfApply(result);',
      breaks: 'An apply of which a rail blocked a part ends well.',
      noticedBy: ['cli/exit-codes', 'cli/unusable'],
    },
    {
      file: 'cli/run-and-report.ts',
      text: 'return declined ? exitCodes.interrupted : ofPlan;',
      becomes: 'return ofPlan;',
      breaks: 'A run that was declined ends as one that did everything.',
      noticedBy: ['cli/exit-codes', 'cli/plan-files'],
    },
  ],
};
