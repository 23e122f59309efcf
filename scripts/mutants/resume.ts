/** What an earlier process did, what may still come of it, and what is left to do. */
import type { Area } from './mutant.ts';

const replay = { file: 'runs/replay.ts', noticedBy: ['runs/replay'] };
const unsettled = { file: 'runs/unsettled.ts', noticedBy: ['runs/unsettled'] };
const settleRun = { file: 'app/settle-run.ts', noticedBy: ['apply/resume'] };
const lost = { file: 'resources/token/lost-tokens.ts', noticedBy: ['apply/late-tokens', 'apply/interrupt'] };
const inSelection = { file: 'plan/selection.ts', noticedBy: ['plan/selection'] };

export const resume: Area = {
  mutants: [
    {
      file: 'runs/progress.ts',
      text: 'else if (mayBeWritten(history)) uncertain.add(action.id);',
      becomes: 'else if (isDone(history)) uncertain.add(action.id);',
      breaks: 'After a resume a call of the dead process is taken for somebody else’s.',
      noticedBy: ['runs/progress'],
    },
    {
      file: 'runs/progress.ts',
      text: 'if (account !== undefined) created.set(action.person, account);',
      becomes: 'if (account !== undefined && isDone(history)) created.set(action.person, account);',
      breaks: 'An account that the dead process made is not known again.',
      noticedBy: ['runs/progress', 'apply/resume'],
    },
    {
      ...replay,
      text: "return outcome === undefined ? attempts.at(-1)?.response?.result === 'written' : outcome.status === 'done';",
      becomes: "return outcome === undefined ? attempts.length > 0 : outcome.status === 'done';",
      breaks: 'A call without a response counts as done, and is never made.',
      noticedBy: ['runs/progress'],
    },
    {
      ...replay,
      text: "attempts.some(({ response }) => response?.result !== 'refused')",
      becomes: "attempts.some(({ response }) => response?.result === 'written')",
      breaks: 'A call whose response is lost counts as never made.',
      noticedBy: ['runs/progress', 'runs/written'],
    },
    {
      ...replay,
      text: "if (last.mark !== undefined && record.result !== 'unknown') openTokens.delete(last.mark);",
      becomes: 'if (last.mark !== undefined) openTokens.delete(last.mark);',
      breaks: 'A token whose secret is lost lives on.',
    },
    {
      ...replay,
      text: 'if (!left.has(action)) openTokens.delete(mark);',
      becomes: "if (mark !== '' || !left.has(action)) openTokens.delete(mark);",
      breaks: 'A token that could not be revoked is never looked for again.',
    },
    {
      ...replay,
      text: '        delete history.outcome;\n',
      becomes: '',
      breaks: 'What is tried again counts as ended as it did before.',
    },
    {
      ...replay,
      text: '        ended = undefined;\n        callsAreOver();',
      becomes: '        callsAreOver();',
      breaks: 'A resumed run that died again counts as finished.',
    },
    {
      ...replay,
      text: "ended.how === 'interrupted' || ended.how === 'stopped'",
      becomes: "ended.how === 'interrupted'",
      breaks: 'A run that failures stopped cannot be resumed.',
    },
    {
      file: 'app/resume.ts',
      text: '  await cleanUp(history, client, ports);\n',
      becomes: '',
      breaks: 'A resume makes tokens beside those of the dead process.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'app/resume.ts',
      text: '    if (facts.caller.id !== started.caller)',
      becomes: '    if (started.caller === undefined)',
      breaks: 'A run goes on with the token of another account, whose own access it may change.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'app/resume.ts',
      text: '    const actions = older.actions.filter(({ id }) => !before.done.has(id));\n',
      becomes: '    const { actions } = older;\n',
      breaks: 'What is done already is done or doubted again.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'apply/apply-plan.ts',
      text: 'uncertain: previous?.uncertain ?? new Set(),',
      becomes: 'uncertain: new Set(),',
      breaks: 'After a resume unknown responses count as calls that were never made.',
      noticedBy: ['apply/resume', 'sim/every-step'],
    },
    {
      file: 'apply/apply-plan.ts',
      text: 'const results = this.#results.filter(({ action }) => !inDoubt.has(action.person));',
      becomes: 'const results = this.#results.filter(({ action }) => !inDoubt.has(action.id));',
      breaks: 'A call that nobody has looked after yet fails the action before it.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'apply/run-action.ts',
      text: 'if (context.uncertain.has(action.id) && !callRowOf(action.call).settlesItself)',
      becomes: 'if (context.uncertain.has(action.id))',
      breaks: 'A token that was cleaned up counts as one whose response is lost.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'app/carry-out.ts',
      text: 'whyCutOff: () => (client.isRefused ? tokenRefused(settings) : undefined),',
      becomes: 'whyCutOff: () => undefined,',
      breaks: 'A run goes on with a token that the server refuses.',
      noticedBy: ['apply/refused-token'],
    },
    {
      file: 'app/carry-out.ts',
      text: '      await closeJournal(journal, result);\n      await recordEnd',
      becomes: '      await recordEnd',
      breaks: 'A run that finished counts as one that died.',
      noticedBy: ['apply/resume'],
    },
    {
      file: 'runs/owed-roles.ts',
      text: 'return mayBeWritten(create) ? [{ ...one, run }] : [];',
      becomes: 'return [];',
      breaks: 'An account whose create was never noted gets no first roles.',
      noticedBy: ['runs/owed-roles'],
    },
    {
      file: 'plan/first-roles.ts',
      text: '|| !live.values.active)\n    return undefined;',
      becomes: ')\n    return undefined;',
      breaks: 'An account that somebody deactivated since is given roles.',
      noticedBy: ['apply/first-roles'],
    },
  ],
};

export const settle: Area = {
  mutants: [
    {
      ...unsettled,
      text: 'response === undefined && isOver !== true),\n  );',
      becomes: 'response === undefined && isOver === true),\n  );',
      breaks: 'Nothing waits for calls that may still be under way.',
    },
    {
      ...unsettled,
      text: "outcome?.status !== 'done'",
      becomes: "outcome?.status === 'done'",
      breaks: 'Nothing waits for a call whose response was lost.',
    },
    {
      ...unsettled,
      text: 'history.ended === undefined || history.openTokens.length > 0 ||',
      becomes: 'history.ended === undefined ||',
      breaks: 'A run that ended with a token nobody has is taken for settled.',
    },
    {
      ...unsettled,
      text: 'Math.min(nowMs, Math.max(0, ...given, ...held)) + settleMs',
      becomes: 'Math.min(nowMs, Math.max(0, ...given, ...held))',
      breaks: 'A call is made again while the first may still be carried out.',
    },
    {
      ...settleRun,
      text: "  if (waitMs > 0) {\n    ports.emit({ type: 'waiting', because: 'the",
      becomes: "  if (waitMs < 0) {\n    ports.emit({ type: 'waiting', because: 'the",
      breaks: 'The next run begins while calls of the dead one may come.',
    },
    {
      ...settleRun,
      text: '  for (const lost of openTokens) await letFinish(() => runner.clear(lost));\n',
      becomes: '',
      breaks: 'Tokens of a dead process whose secrets nobody has live on.',
    },
    {
      ...settleRun,
      text: 'openTokens.length > 0 ? ports.clock.now() : history.lastMs',
      becomes: 'history.lastMs',
      breaks: 'A plan made right after cleaning up takes a revoked token for the one wanted.',
      noticedBy: ['apply/lagging-lists'],
    },
    {
      ...settleRun,
      text: 'if (!isUnsettled(newest, ports.clock.now())) return untilListsShow(newest.lastMs, stamped(ports, { run }));',
      becomes: 'if (!isUnsettled(newest, ports.clock.now())) return;',
      breaks: 'A plan made right after a run makes its tokens again.',
      noticedBy: ['apply/lagging-lists'],
    },
    {
      ...settleRun,
      text: 'if (newest.ended !== undefined) return journal.flush();',
      becomes: 'if (newest.ended === undefined) return journal.flush();',
      breaks: 'A run that another one took over can be resumed beside it.',
    },
    {
      ...lost,
      text: 'for (const { id } of found.filter((token) => token.description === mark)) {',
      becomes: 'for (const { id } of found.filter((token) => token.description.startsWith(mark.slice(0, 4)))) {',
      breaks: 'Cleaning up revokes tokens that somebody uses.',
      noticedBy: ['apply/tokens', 'apply/resume', 'apply/lost-answers'],
    },
    {
      ...lost,
      text: 'if (!(await this.#waits.waitUntilSettled())) this.#mayCome.add(one.mark);',
      becomes: 'await this.#waits.waitUntilSettled();',
      breaks: 'An interrupted run is closed although a token may still be made.',
    },
    {
      ...lost,
      text: 'if (!(await this.#waits.waitUntilSettled())) this.#mayCome.add(one.mark);',
      becomes: '',
      breaks: 'A token that is made late lives on, and nobody has its secret.',
      noticedBy: ['apply/lost-answers', 'apply/late-tokens'],
    },
    {
      ...lost,
      text: 'if (!isLost(error) && !(error instanceof ApiNotFoundError)) throw error;',
      becomes: 'if (error instanceof ApiNotFoundError) return;\n      if (!isLost(error)) throw error;',
      breaks: 'A replica that does not know the token yet lets it live.',
      noticedBy: ['apply/lagging-lists'],
    },
    {
      ...lost,
      text: 'reading <= maxReadings; reading++) {\n    await pause();',
      becomes: 'reading <= 1; reading++) {\n    await pause();',
      breaks: 'One list that does not show a token proves that it is gone.',
      noticedBy: ['apply/lagging-lists'],
    },
    {
      ...lost,
      text: 'this.#tries.push({ ...one, made: { id, why } });',
      becomes: '',
      breaks:
        'A token whose secret no sink has, and that could not be revoked, passes for the declared one in the next plan.',
      noticedBy: ['apply/tokens'],
    },
    {
      ...lost,
      text: 'if (this.#leftBehind.has(one.mark)) cleared.set(one.action, revokedLate(one));',
      becomes: '',
      breaks: 'A run says that a token is left behind which it revoked in the end.',
      noticedBy: ['apply/tokens'],
    },
  ],
};

export const selection: Area = {
  mutants: [
    {
      ...inSelection,
      text: 'if (!(isWhole ? isEqual(fresh.call, selected.call) : isWithin(fresh.call, selected.call))) return false;',
      becomes: '',
      breaks: 'A plan file lets a call through that nobody reviewed.',
    },
    {
      ...inSelection,
      text: 'isWithin(value, whole[name])',
      becomes: 'true',
      breaks: 'The rest of a reviewed call sends values that nobody reviewed.',
    },
    {
      ...inSelection,
      text: '!(byId.has(change.id) || stopped.has(change.id))',
      becomes: 'true',
      breaks: 'Of a reviewed call for a new account, a part that changed is left out without a word.',
    },
    {
      ...inSelection,
      text: 'return selected.account === fresh.account && isPartOf',
      becomes: 'return isPartOf',
      breaks: 'What was reviewed for one account is sent to another.',
    },
    {
      ...inSelection,
      text: '    return fresh.account === madeAccount(selected, created);',
      becomes: '    return true;',
      breaks: 'What was reviewed for a new account is sent to one that somebody else made.',
    },
    {
      ...inSelection,
      text: '    isEqual(after, change.after) &&\n',
      becomes: '',
      breaks: 'A reviewed change lets another value through.',
    },
    {
      ...inSelection,
      text: '(isMade(action, fresh.person, selection) || isForeseen(action, change, fresh.change.before)) &&',
      becomes: '',
      breaks: 'A reviewed change is made of a value that the reviewer never saw.',
    },
    {
      ...inSelection,
      text: 'if (first.changes.length !== changes.length) return',
      becomes: 'if (first.changes.length < changes.length) return',
      breaks: 'A reviewed action brings changes along that nobody reviewed.',
    },
    {
      ...inSelection,
      text: 'if (refusal !== undefined) settled.push({ action, outcome: stale(action, refusal) });\n    else if',
      becomes: 'if',
      breaks: 'An action that is refused whatever the plan says is carried out.',
      noticedBy: ['plan/selection'],
    },
    {
      ...inSelection,
      text: 'const isMade = selection.uncertain?.has(action.id) === true && user.values.active;',
      becomes: 'const isMade = selection.uncertain?.has(action.id) === true;',
      breaks: 'After a lost create an account that is inactive by now counts as the one that was made.',
    },
    {
      ...inSelection,
      text: 'const isMade = selection.uncertain?.has(action.id) === true && user.values.active;',
      becomes: 'const isMade = user.values.active;',
      breaks: 'An account that somebody made otherwise is given the reviewed roles.',
    },
    {
      ...inSelection,
      text: "as: uncertain?.has(id) === true ? 'written' : 'found'",
      becomes: "as: 'found'",
      breaks: 'What the dead process wrote is told as somebody else’s, and never read back.',
    },
    {
      ...inSelection,
      text: '    // What fell away may have been what another one needs.\n    open = kept;',
      becomes:
        '    const { created = new Map() } = selection;\n    return { ...planned, selected: { chosen, created, settled } };',
      breaks: 'What needs an action that fell away is sent all the same.',
    },
    {
      ...inSelection,
      text: 'isEqual(others, now) &&\n',
      becomes: '',
      breaks: 'A token that is another one by now is disabled or revoked.',
    },
  ],
};
