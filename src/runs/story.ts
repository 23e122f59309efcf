/** What a run did, change by change: its journal beside its plan. Pure. */
import type { Plan } from '../model/plan.ts';
import type { ChangeOutcome, RunStory, ToldChange } from '../model/run-story.ts';
import { type ActionHistory, isDone, mayBeWritten, type RunHistory } from './replay.ts';

/** Every change of a run in the order of its plan. */
export function changesOf(plan: Plan, { actions }: RunHistory): readonly ToldChange[] {
  return plan.actions.flatMap((action) => {
    const history = actions.get(action.id);
    const outcome = outcomeOf(history);
    const last = history?.attempts.at(-1);
    const account = action.account ?? history?.outcome?.account;
    const { code, written } = outcome === 'failed' ? (history?.outcome ?? {}) : {};
    return action.changes.map(
      (change): ToldChange => ({
        person: change.person,
        ...(account !== undefined && { account }),
        ...(last !== undefined && { at: new Date(last.respondedMs ?? last.atMs).toISOString() }),
        operation: action.call.operation,
        change,
        outcome,
        ...(code !== undefined && { code }),
        ...(written !== undefined && written !== 'no' && { written }),
      }),
    );
  });
}

function outcomeOf(history: ActionHistory | undefined): ChangeOutcome {
  if (history === undefined) return 'left';
  if (isDone(history)) return history.outcome?.as === 'found' ? 'found' : 'done';
  const status = history.outcome?.status;
  if (status !== undefined && status !== 'done') return status;
  return mayBeWritten(history) ? 'uncertain' : 'left';
}

/** Only what concerns a person: by username as the files say it, before or after a rename, or by id. */
export function aboutPerson(story: RunStory, name: string): RunStory {
  const wanted = name.toLowerCase();
  const isMeant = ({ person, account, change }: ToldChange): boolean =>
    person === wanted ||
    account === name ||
    (change.attribute === 'username' && (change.before === wanted || change.after === wanted));
  const people = new Set(story.changes.filter(isMeant).map(({ person }) => person));
  return { ...story, changes: story.changes.filter(({ person }) => people.has(person)) };
}
