/** A crash at one step after the other, and whatever then tells how far the run came: all of it says the same. */
import { journalName, listRuns, readRun } from '../../src/journal/runs.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { journalsText } from '../../src/report/journals.ts';
import { plain } from '../../src/report/paint.ts';
import { openRunText, resumedText } from '../../src/report/run-text.ts';
import { storiesText } from '../../src/report/story.ts';
import { progressOf } from '../../src/runs/progress.ts';
import { type RunHistory, replay } from '../../src/runs/replay.ts';
import { changesOf } from '../../src/runs/story.ts';
import { countsOf, summaryOf } from '../../src/runs/summary.ts';
import { referenceFor } from './campaign.ts';
import { Sim, start } from './run.ts';
import { Life } from './scheduler.ts';
import { fortyActions } from './world.ts';

export interface Figures {
  /** Steps at which a run was cut off. */
  readonly cut: number;
  /** What does not agree, with its step. */
  readonly wrong: readonly string[];
}

/** @param every - of how many steps one is tried */
export async function figuresAfterCrashes(every: number): Promise<Figures> {
  const wrong: string[] = [];
  let cut = 0;
  const { steps } = await referenceFor(fortyActions);
  for (let step = 1; step <= steps; step += every) {
    const found = await flawsAt(step);
    if (found !== undefined) cut++;
    wrong.push(...(found ?? []).map((flaw) => `step ${step}: ${flaw}`));
  }
  return { cut, wrong };
}

/** @returns `undefined` where no run was begun, or it was over */
async function flawsAt(step: number): Promise<readonly string[] | undefined> {
  const { planned } = await referenceFor(fortyActions);
  const events: RunEvent[] = [];
  const sim = new Sim({ world: fortyActions, seed: step, emit: (event) => events.push(event) });
  const first = new Life(1);
  const begun = start(sim, first, { ...sim.processOf(first), planned }, { doesResume: false, pauseMs: 0 });
  await sim.scheduler.run(() => begun.isSettled, step);
  sim.crash(first);
  const history = await historyOn(sim);
  if (history === undefined || history.ended !== undefined) return undefined;
  const shown = doneIn(events);
  const { plan } = planned;
  const counts = countsOf(history);
  const { actions, done, left } = counts;
  const { run } = history.started;
  const summary = summaryOf({ run, file: journalName(run), flaws: [], tampered: false }, history);
  const story = { ...summary, takenBackBy: [], changes: changesOf(plan, history) };
  const toldAsDone = new Set(
    plan.actions.filter((_, i) => {
      const [change] = changesOf({ ...plan, actions: plan.actions.slice(i, i + 1) }, history);
      return change?.outcome === 'done' || change?.outcome === 'found';
    }),
  );
  const before = events.length;
  const second = new Life(2);
  const ended = start(sim, second, sim.processOf(second), { doesResume: true, pauseMs: 0 });
  await sim.scheduler.run(() => ended.isSettled, Infinity);
  const resumed = events.slice(before).find((event) => event.type === 'apply-started');
  const standing = resumed?.type === 'apply-started' ? resumed.before : undefined;
  const last = await historyOn(sim);
  const figures: readonly (readonly [string, boolean])[] = [
    ['a plan has all actions', actions === plan.actions.length && done + left === actions],
    [`the screen showed ${shown}, the journal has ${done}`, shown <= done],
    ['what a resume leaves out', progressOf(plan, history).done.size === done],
    ['journal list', journalsText([{ dir: '/', runs: [summary] }], plain).includes(`${done} of ${actions} done`)],
    ['journal show', storiesText([story], plain).includes(`${done} of ${actions} actions done`)],
    ['journal show, change by change', toldAsDone.size === done],
    [
      'the notice of a plan',
      openRunText({ run, state: 'interrupted', ...counts }).includes(
        `${done} of ${actions} actions done, ${left} left`,
      ),
    ],
    [
      `the resume said ${JSON.stringify(standing)}`,
      standing === undefined || (standing.done === done && standing.left === left && standing.actions === actions),
    ],
    [
      'the headline of the resume',
      standing === undefined ||
        resumedText({ run, ...standing }).includes(`${done} of ${actions} actions done before; ${left} left`),
    ],
    [
      'what was sent and what was settled is what was left',
      resumed?.type !== 'apply-started' || standing === undefined || resumed.actions + standing.settled === left,
    ],
    ['in the end all is done', last === undefined || last.started.run !== run || countsOf(last).left === 0],
  ];
  return figures.flatMap(([what, isRight]) => (isRight ? [] : [what]));
}

const doneIn = (events: readonly RunEvent[]): number =>
  events.filter((event) => event.type === 'action-recorded' && event.outcome.status === 'done').length;

/** The newest run that the disk has. */
async function historyOn({ disk }: Sim): Promise<RunHistory | undefined> {
  const { texts } = disk;
  const store = {
    list: () => Promise.resolve([...texts.keys()].toSorted()),
    read: (name: string) => Promise.resolve(disk.bytesOf(name)),
  };
  for (const run of (await listRuns(store)).toReversed()) {
    const found = await readRun(store, run);
    if (found !== undefined) return replay(found.records);
  }
  return undefined;
}
