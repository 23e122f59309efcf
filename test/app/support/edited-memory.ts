/**
 * Two runs, one of them perhaps cut off; then somebody edits a plan file, the state directory, or the caller's preferences. What is
 * written afterwards is no more than what a plan would have written that was made before the edit.
 */
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apply } from '../../../src/app/apply.ts';
import { applyPlanFile } from '../../../src/app/apply-plan-file.ts';
import { plan } from '../../../src/app/plan.ts';
import type { AppPorts } from '../../../src/app/ports.ts';
import { resume } from '../../../src/app/resume.ts';
import { planOfUndo, type UndoOptions, undo } from '../../../src/app/undo.ts';
import { codeOfError, type ExitCode } from '../../../src/cli/exit-codes.ts';
import type { PolicyFile } from '../../../src/model/generated/config-file.ts';
import type { TokenEntry, UserEntry } from '../../../src/model/generated/users-file.ts';
import { MusterError } from '../../../src/model/muster-error.ts';
import type { Action, Plan } from '../../../src/model/plan.ts';
import { isMarkOf, parseMark } from '../../../src/model/token-mark.ts';
import { parsePlanFile, planFileText } from '../../../src/plan/plan-file.ts';
import type { RequestRecord } from '../../../src/sandbox/index.ts';
import { leaveNote, stateFiles } from '../../apply/support/cut-journal.ts';
import { apiPath, mark, openBudgets, openStage, type Stage, writesOf } from '../../apply/support/stage.ts';
import { randomFrom } from '../../support/read-fault-run.ts';
import { editOnce, editText, parse, sealedPlan, Vocabulary } from './any-edit.ts';
import { type Draw, oneOf } from './any-pull-request.ts';

/** What is run after the edit. */
export type Verb = 'apply' | 'apply PLAN' | 'apply --resume' | 'undo' | 'undo --run' | 'undo --plan';
/** What is edited before. */
export type Target = 'plan file' | 'one file of the state' | 'the whole state' | 'preferences';

export interface Edited {
  readonly verb: Verb;
  readonly target: Target;
  /** Writes that no plan would have made; empty as it has to be. */
  readonly unplanned: readonly string[];
  readonly writes: number;
  /** How it was refused; absent: it was not. */
  readonly code?: ExitCode;
}

const verbs = ['apply', 'apply PLAN', 'apply --resume', 'undo', 'undo --run', 'undo --plan'] as const;
const targets = ['one file of the state', 'one file of the state', 'the whole state', 'preferences'] as const;

const people = ['p0', 'p1', 'p2', 'p3', 'p4'] as const;

export async function runAfterEdit(seed: number): Promise<Edited> {
  const pick = randomFrom(seed);
  const stage = await openStage({
    users: [
      ...people.map((username) => ({
        username,
        roles: oneOf(pick, ['system_user', 'system_user system_post_all', 'system_user system_admin']),
        active: pick(4) > 0,
        tokens: pick(2) === 0 ? [{ description: mark('ci') }, { description: 'by hand' }] : [],
      })),
      { username: 'boss', roles: 'system_user system_admin' },
    ],
    seed,
  });
  try {
    return await editOn(stage, pick);
  } finally {
    await stage.close();
  }
}

async function editOn(stage: Stage, pick: Draw): Promise<Edited> {
  // As on a runner, where a state directory is what a cache or an artefact brought.
  const ports: AppPorts = { ...stage.ports, env: { ...stage.ports.env, CI: 'true' } };
  await stage.configure({ policy: drawPolicy(pick), secrets: { dir: 'secrets' } });
  const confirm = (): Promise<boolean> => Promise.resolve(true);
  const runNext = async (): Promise<void> => {
    await stage.declare([...people.map((name) => drawEntry(pick, name)), { username: 'boss' }]);
    await apply({ confirm }, ports);
    stage.clock.advance(pick(3) * 60_000);
  };
  await runNext();
  const { dir } = await stateFiles(stage);
  const previous = join(stage.dir, 'previous');
  await cp(dir, previous, { recursive: true });
  await runNext();
  const runs = (await namesIn(dir, '.jsonl')).map((name) => name.replace(/^run-|\.jsonl$/g, ''));
  const [first = ''] = runs;
  const verb = oneOf(pick, verbs);
  const hasFile = verb === 'apply PLAN' || verb === 'undo --plan';
  const target = hasFile && pick(2) === 0 ? 'plan file' : oneOf(pick, targets);
  // An older, whole copy is as genuine as the newest one, also where that was cut since: it takes back an older run.
  const older = verb === 'undo' ? await undoOrNothing({ run: first }, ports, undefined) : undefined;
  // A cut is an edit of its own of the memory that the journal is, and budgets need one of the two.
  if (target !== 'preferences' && (verb === 'apply --resume' || pick(3) === 0)) {
    await cutSomewhere(dir, pick);
    // Without the note that a run leaves which died, the cut is an edit like others.
    if (pick(4) > 0) await leaveNote(stage);
  }
  if (verb === 'apply' || verb === 'apply PLAN') await stage.declare(people.map((name) => drawEntry(pick, name)));

  const isUndo = verb.startsWith('undo');
  const run = verb === 'undo --run' ? first : undefined;
  // Where the note is missing as well, there is nothing genuine to take back.
  const { plan: nothing } = await plan({}, ports);
  const fresh = isUndo ? await undoOrNothing({ ...(run !== undefined && { run }) }, ports, nothing) : nothing;
  const file = join(stage.dir, 'plan.json');
  await writeFile(file, planFileText(fresh));
  const allowed = [...fresh.actions, ...(older?.actions ?? [])];
  const open = await openTokensIn(dir, stage);

  const words = new Vocabulary();
  for (const one of [fresh, older]) if (one !== undefined) words.learn(parse(planFileText(one)));
  await editTarget({ stage, dir, previous, file, words, pick }, target);
  const from = stage.sandbox.requests.length;
  const code = await codeOf(async () => {
    switch (verb) {
      case 'apply':
        return void (await apply({ confirm }, ports));
      case 'apply PLAN':
        return void (await applyPlanFile({ planFile: 'plan.json', confirm }, ports));
      case 'apply --resume':
        return void (await resume({ confirm }, ports));
      case 'undo':
        return void (await undo({ confirm }, ports));
      case 'undo --run':
        return void (await undo({ confirm, run: first }, ports));
      case 'undo --plan':
        return void (await undo({ confirm, older: parsePlanFile(await readFile(file, 'utf8')) }, ports));
    }
  });
  const writes = writesOf(stage.sandbox.requests.slice(from)).filter(
    ({ path, status }) => !path.includes('/preferences') && status < 400,
  );
  const unplanned = writes
    .filter((request) => !isPlanned(request, allowed, open))
    .map((request) => `${request.method} ${apiPath(request)} ${JSON.stringify(request.body)}`);
  return { verb, target, unplanned, writes: writes.length, ...(code !== undefined && { code }) };
}

function drawPolicy(pick: Draw): PolicyFile {
  return {
    min_admins: 1,
    leavers: { tokens: oneOf(pick, ['disable', 'keep']) },
    budgets:
      pick(2) === 0 ? openBudgets : { ...openBudgets, deactivate: { floor: 2, cap: 2 }, update: { floor: 4, cap: 4 } },
  };
}

function drawEntry(pick: Draw, username: string): UserEntry {
  return {
    username,
    nickname: oneOf(pick, ['a', 'b', 'c', 'd']),
    ...(pick(2) === 0 && { active: pick(3) > 0 }),
    ...(pick(2) === 0 && {
      roles: oneOf(pick, [['system_user'], ['system_user', 'system_post_all'], ['system_user', 'system_admin']]),
    }),
    ...(pick(2) === 0 && { tokens: drawTokens(pick) }),
  };
}

const drawTokens = (pick: Draw): TokenEntry[] =>
  pick(3) === 0 ? [] : [{ name: oneOf(pick, ['ci', 'cd']), generation: 1 + pick(2), enabled: pick(4) > 0 }];

async function namesIn(dir: string, ending: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(ending)).toSorted();
}

/** As if the process had died there, or somebody cut it off. */
async function cutSomewhere(dir: string, pick: Draw): Promise<void> {
  const path = join(dir, (await namesIn(dir, '.jsonl')).at(-1) ?? '');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await writeFile(path, `${lines.slice(0, 1 + pick(lines.length)).join('\n')}\n`);
}

/** A token of which the newest journal does not say whether its secret arrived: it goes, and is made again. */
interface OpenToken {
  readonly account: string;
  readonly mark: string;
  readonly id: string | undefined;
}

async function openTokensIn(dir: string, { sandbox }: Stage): Promise<readonly OpenToken[]> {
  const text = await readFile(join(dir, (await namesIn(dir, '.jsonl')).at(-1) ?? ''), 'utf8');
  const { tokens } = sandbox.snapshot();
  const open = new Map<string, OpenToken>();
  for (const line of text.trimEnd().split('\n')) {
    const { type, action = '', account = '', mark: made } = JSON.parse(line) as Readonly<Record<string, string>>;
    if (type === 'response') open.delete(action);
    if (type === 'intent' && made !== undefined)
      open.set(action, { account, mark: made, id: tokens.find(({ description }) => description === made)?.id });
  }
  return [...open.values()];
}

interface Place {
  readonly stage: Stage;
  readonly dir: string;
  readonly previous: string;
  readonly file: string;
  readonly words: Vocabulary;
  readonly pick: Draw;
}

async function editTarget(place: Place, target: Target): Promise<void> {
  switch (target) {
    case 'plan file':
      return editPlanFile(place);
    case 'one file of the state':
      return editOneFile(place);
    case 'the whole state':
      return exchangeState(place);
    case 'preferences':
      return editPreferences(place);
  }
}

async function editPlanFile({ file, words, pick }: Place): Promise<void> {
  let value = parse(await readFile(file, 'utf8'));
  for (let times = 1 + pick(4); times > 0; times--) value = editOnce(value, words, pick);
  await writeFile(file, sealedPlan(value));
}

/** Edited, gone, or what another run left. */
async function editOneFile({ dir, words, pick }: Place): Promise<void> {
  const names = (await readdir(dir)).filter((name) => !name.startsWith('lock'));
  for (const name of names)
    if (name.endsWith('.jsonl'))
      for (const line of (await readFile(join(dir, name), 'utf8')).trimEnd().split('\n')) words.learn(parse(line));
  const name = names[pick(names.length)] ?? '';
  const alike = names.filter((one) => one !== name && one.slice(one.indexOf('.')) === name.slice(name.indexOf('.')));
  const path = join(dir, name);
  const other = alike[pick(alike.length)];
  const kind = pick(4);
  if (kind === 0) return rm(path);
  if (kind === 1 && other !== undefined) return cp(join(dir, other), path);
  await writeFile(path, editText(name, await readFile(path, 'utf8'), words, pick));
}

/** Rolled back, or gone. */
async function exchangeState({ dir, previous, pick }: Place): Promise<void> {
  await rm(dir, { recursive: true });
  if (pick(2) === 0) await cp(previous, dir, { recursive: true });
}

/** The caller's own notes on the server: some go, some say something else. */
async function editPreferences({ stage, words, pick }: Place): Promise<void> {
  const { sandbox } = stage;
  const notes = sandbox.snapshot().preferences.filter(({ category }) => category === 'muster');
  const [caller = ''] = notes.map(({ user_id: id }) => id);
  const send = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(`${sandbox.url}/api/v4/users/${caller}/preferences${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  for (const note of notes) words.learn(parse(note.value.startsWith('{') ? note.value : '{}'));
  const gone = notes.filter(() => pick(2) === 0);
  const edited = notes
    .filter((note) => !gone.includes(note) && pick(2) === 0 && note.value.startsWith('{'))
    .map((note) => ({ ...note, value: JSON.stringify(editOnce(parse(note.value), words, pick)) }));
  if (gone.length > 0) await send('POST', '/delete', gone);
  if (edited.length > 0) await send('PUT', '', edited);
}

/** What an undo would do, or `otherwise` where its journal is not believed. */
async function undoOrNothing<Other>(
  options: Omit<UndoOptions, 'confirm'>,
  ports: AppPorts,
  otherwise: Other,
): Promise<Plan | Other> {
  try {
    return await planOfUndo(options, ports);
  } catch (error) {
    if (error instanceof MusterError && error.code === 'STATE_END_MISSING') return otherwise;
    throw error;
  }
}

/** @returns the exit code of a refusal */
async function codeOf(work: () => Promise<void>): Promise<ExitCode | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return codeOfError(error);
  }
}

/** Whether a request is what an action says, worked out from its call alone, or belongs to what a dead run left open. */
const isPlanned = (request: RequestRecord, actions: readonly Action[], open: readonly OpenToken[]): boolean =>
  actions.some((action) => sends(action, request)) || open.some((token) => clears(token, request));

function clears({ account, mark: made, id }: OpenToken, { path, body }: RequestRecord): boolean {
  const { token_id: token, description = '' } = (body ?? {}) as Readonly<Record<string, string>>;
  const madeAs = parseMark(made);
  if (path === '/api/v4/users/tokens/revoke') return id !== undefined && token === id;
  return madeAs !== undefined && path === `/api/v4/users/${account}/tokens` && isMarkOf(madeAs, description);
}

function sends({ account, call }: Action, { method, path, body }: RequestRecord): boolean {
  const own = `/api/v4/users/${account ?? ''}`;
  const is = (wantedMethod: string, wantedPath: string, wanted: unknown): boolean =>
    method === wantedMethod && path === wantedPath && JSON.stringify(body) === JSON.stringify(wanted);
  switch (call.operation) {
    case 'patch-user':
      return is('PUT', `${own}/patch`, call.fields);
    case 'set-roles':
      return is('PUT', `${own}/roles`, { roles: call.roles.join(' ') });
    case 'activate':
    case 'deactivate':
      return is('PUT', `${own}/active`, { active: call.operation === 'activate' });
    case 'create-token': {
      const { description = '' } = (body ?? {}) as { description?: string };
      return method === 'POST' && path === `${own}/tokens` && isMarkOf(call, description);
    }
    case 'enable-token':
    case 'disable-token':
    case 'revoke-token':
      return is('POST', `/api/v4/users/tokens/${call.operation.replace('-token', '')}`, { token_id: call.token });
    default:
      return false;
  }
}
