/** Random histories of a server, read warm and whole at the same moments: the plans have to be the same. */
import { copyFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ApplyOptions, type ApplyResult, apply } from '../../../src/app/apply.ts';
import { plan, planAlone } from '../../../src/app/plan.ts';
import { canonicalJson } from '../../../src/model/canonical-json.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { ReadKind } from '../../../src/model/seen-people.ts';
import { type PersonState, type SeedUser, seededRandomness } from '../../../src/sandbox/index.ts';
import { openStage, type Stage } from '../../apply/support/stage.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const names = ['ada', 'bob', 'cy', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'jo'] as const;
const services = ['', '', '', 'saml', 'ldap', 'gitlab'] as const;
const roleSets = ['system_user', 'system_user', 'system_user system_post_all', 'system_admin system_user'] as const;
const texts = ['', 'x', 'y', 'z'] as const;
const switches = [
  'EmailSettings.EnableSignInWithEmail',
  'EmailSettings.RequireEmailVerification',
  'EmailSettings.SendEmailNotifications',
  'ServiceSettings.DisableBotsWhenOwnerIsDeactivated',
] as const;

/** Chance with a seed. */
class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandomness(seed);
  }

  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  is(share: number): boolean {
    return this.#next() < share;
  }

  oneOf<Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('nothing to choose from');
    return value;
  }
}

/** What a history was, for a person who has to understand a failure. */
export interface History {
  readonly seed: number;
  readonly steps: readonly string[];
  readonly reads: ReadonlyArray<ReadKind['is'] | 'same plan'>;
  /** The plans that differ, warm and whole; absent: none does. */
  readonly differs?: readonly [warm: string, whole: string];
}

interface Run {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly steps: string[];
  readonly server: { skewMs: number };
  /** Earlier states of the server. */
  readonly days: Array<readonly PersonState[]>;
  readonly sort: 'anything' | 'as it is';
  count: number;
}

/** @param sort - `as it is`: the files mostly want what is there, so that most plans find nothing to do */
export async function runHistory(seed: number, sort: 'anything' | 'as it is' = 'anything'): Promise<History> {
  const dice = new Dice(seed);
  const server = { skewMs: 0 };
  const clocks: { nowMs: () => number } = { nowMs: () => 0 };
  const stage = await openStage({
    seed,
    clock: () => clocks.nowMs(),
    users: names.slice(0, 4 + dice.below(4)).map((name, i) => seedOf(name, dice, i)),
    licence: 'enterprise',
    config: { 'ServiceSettings.EnableAPIUserDeletion': true },
  });
  clocks.nowMs = () => stage.clock.now() + server.skewMs;
  const run: Run = { stage, dice, steps: [], server, days: [], sort, count: 0 };
  const reads: Array<ReadKind['is'] | 'same plan'> = [];
  try {
    await configure(run);
    await declare(run);
    for (let round = 0; round < (sort === 'anything' ? 5 : 12); round++) {
      stage.clock.advance((1 + dice.below(dice.is(0.2) ? 600 : 40)) * minute);
      if (round > 0) await happen(run);
      // A request that is tried again lets time pass: both plans are of one moment all the same.
      const at = new Date(stage.clock.now()).toISOString();
      const [warm, whole] = [await planAlone({ warm: {}, at }, stage.ports), await plan({ at }, stage.ports)];
      const kind = kindOf(warm);
      reads.push(kind);
      run.steps.push(`read ${kind} (${becauseOf(stage)})`);
      const [one, other] = [canonicalJson(warm.plan), canonicalJson(whole.plan)];
      if (one !== other) return { seed, steps: run.steps, reads, differs: [one, other] };
      if (sort === 'anything' || !dice.is(0.15)) continue;
      const left = await applyTwice(run);
      if (left.warm !== left.whole) return { seed, steps: run.steps, reads, differs: [left.warm, left.whole] };
    }
    return { seed, steps: run.steps, reads };
  } finally {
    await stage.close();
  }
}

const kindOf = ({ read }: { readonly read?: ReadKind }): ReadKind['is'] | 'same plan' =>
  read?.isSamePlan === true ? 'same plan' : (read?.is ?? 'full');

/** An apply with a warm read and, where that finds nothing to do, one without from the same state: what each says and leaves behind. */
async function applyTwice({ stage, steps }: Run): Promise<{ readonly warm: string; readonly whole: string }> {
  const twin = join(stage.dir, 'twin');
  await rm(twin, { recursive: true, force: true });
  await cp(join(stage.dir, 'state'), join(twin, 'state'), { recursive: true });
  const at = new Date(stage.clock.now()).toISOString();
  const run = async (
    dir: string,
    how: Pick<ApplyOptions, 'warm'>,
  ): Promise<ApplyResult & { readonly says: string }> => {
    const env = { ...stage.ports.env, XDG_STATE_HOME: join(dir, 'state') };
    const options = { ...how, at, isUnattended: true, skipUnusable: true, confirm: () => Promise.resolve(true) };
    const { read, ...applied } = await apply(options, { ...stage.ports, env });
    const memory = await cacheOf({ dir }, 'declared.json');
    const left = memory === undefined ? null : JSON.parse(await readFile(memory, 'utf8')).accounts;
    return { ...applied, ...(read !== undefined && { read }), says: canonicalJson({ ...applied, left }) };
  };
  const warm = await run(stage.dir, { warm: {} });
  steps.push(`apply ${kindOf(warm)}, ${warm.plan.actions.length} actions`);
  if (warm.plan.actions.length > 0) return { warm: '', whole: '' };
  stage.clock.advance(Date.parse(at) - stage.clock.now());
  const whole = await run(twin, {});
  return { warm: warm.says, whole: whole.says };
}

const becauseOf = ({ events: told }: Stage): string =>
  told.findLast((event) => event.type === 'read')?.because ?? 'nothing speaks against it';

function seedOf(username: string, dice: Dice, nth: number): SeedUser {
  const auth = dice.oneOf(services);
  const createdMs = Date.parse('2026-01-01T00:00:00Z') + nth * day + dice.below(1000);
  return {
    username,
    email: `${username}@example.com`,
    nickname: dice.oneOf(texts),
    roles: dice.oneOf(roleSets),
    active: dice.is(0.8),
    create_at: createdMs,
    update_at: createdMs + dice.below(100) * day,
    ...(auth !== '' && { auth_service: auth, auth_data: `data-${username}` }),
    ...(dice.is(0.1) && { is_bot: true }),
    ...(dice.is(0.05) && { remote_id: 'far' }),
    ...(dice.is(0.3) && { notify_props: { desktop: dice.oneOf(texts) } }),
    ...(dice.is(0.2) && { tokens: [{ description: 'by hand' }] }),
  };
}

async function configure({ stage, dice }: Run): Promise<void> {
  await stage.configure({
    policy: {
      undeclared_users: dice.is(0.5) ? 'report' : 'ignore',
      foreign_tokens: dice.is(0.5) ? 'report' : 'ignore',
    },
    reconcile: { full_read: dice.oneOf(['30m', '6h', '24h'] as const) },
  });
}

/** Half of the histories name nothing that has to be asked for anew, so that most of their reads are warm. */
async function declare(run: Run): Promise<void> {
  const { stage, dice } = run;
  if (run.sort === 'as it is') return await declareAsItIs(run);
  const namesAll = dice.is(0.5);
  const entries = names.filter(() => dice.is(0.6)).map((name, i) => entryOf(run, name, namesAll, i));
  run.steps.push(`declare ${entries.map(({ username }) => username).join(' ')}`);
  await stage.declare([{ username: 'sandbox-admin' }, ...entries]);
}

/** Of most people just what is there; the others are not declared, or something of them is not. */
async function declareAsItIs({ stage, dice, steps }: Run): Promise<void> {
  const entries = stage.sandbox
    .snapshot()
    .people.filter(({ isBot, remote_id: far }) => !isBot && (far ?? '') === '' && dice.is(0.9))
    .map(({ id, username, email, nickname, delete_at: gone, auth_service, auth_data: data }): UserEntry => {
      const service = dice.is(0.2) ? services.find((one) => one === auth_service) : undefined;
      const tokens = stage.sandbox.control.tokens(id);
      return {
        username,
        ...(dice.is(0.8) && { email }),
        ...(dice.is(0.8) && { nickname }),
        ...(dice.is(0.8) && { active: gone === 0 }),
        ...(service === '' && { auth: { service: 'email' } }),
        ...(service !== undefined && service !== '' && { auth: { service, ...(data !== null && { data }) } }),
        ...(dice.is(0.1) && { previous_usernames: [`old-${username}`] }),
        ...(dice.is(0.1) && { id }),
        ...(tokens.length === 0 && dice.is(0.05) && { ends: '2027-06-01' }),
      };
    });
  steps.push(`declare as it is ${entries.map(({ username }) => username).join(' ')}`);
  const own = entries.some(({ username }) => username === 'sandbox-admin') ? [] : [{ username: 'sandbox-admin' }];
  await stage.declare([...own, ...entries]);
}

function entryOf({ stage, dice }: Run, name: string, namesAll: boolean, nth: number): UserEntry {
  const live = stage.sandbox.control.user(name);
  const service = dice.oneOf(['saml', 'ldap', 'gitlab'] as const);
  return {
    username: name,
    // An account that is not there yet needs one.
    ...((live === undefined || dice.is(0.6)) && {
      email: dice.is(0.9) ? `${name}@example.com` : `${name}@new.example.com`,
    }),
    ...(dice.is(0.5) && { nickname: dice.oneOf(texts) }),
    ...(dice.is(0.4) && { active: dice.is(0.8) }),
    ...(dice.is(0.3) && { roles: ['system_user', ...(dice.is(0.3) ? ['system_post_all'] : [])] }),
    ...(namesAll && dice.is(0.3) && { auth: { service, ...(dice.is(0.8) && { data: `data-${name}` }) } }),
    ...(namesAll && dice.is(0.3) && { notify_props: { desktop: dice.oneOf(texts) } }),
    ...(dice.is(0.2) && { previous_usernames: [`old-${name}`, ...(nth % 3 === 0 ? [`was-${name}`] : [])] }),
    ...(live !== undefined && dice.is(0.1) && { id: live.id }),
    ...(dice.is(0.2) && { adopt: true }),
    ...(dice.is(0.1) && { tokens: [{ name: 'ci' }] }),
  };
}

async function happen(run: Run): Promise<void> {
  const { dice, stage, sort } = run;
  if (dice.is(sort === 'anything' ? 0.1 : 0.3)) await declare(run);
  if (dice.is(0.15)) await tamper(run);
  if (sort === 'as it is' && dice.is(0.05)) await configure(run);
  for (let left = dice.below(sort === 'anything' ? 4 : 2); left > 0; left--) {
    const [name, event] = sort === 'as it is' && dice.is(0.4) ? (['login', login] as const) : dice.oneOf(events);
    run.steps.push(name);
    await event(run, anyone(run));
    if (dice.is(0.3)) run.days.push(stage.sandbox.snapshot().people);
    stage.clock.advance(dice.below(5) * minute);
  }
}

/** A person, bot or account of another server; never the caller. */
function anyone({ stage, dice }: Run): PersonState {
  return dice.oneOf(stage.sandbox.snapshot().people.filter(({ username }) => username !== 'sandbox-admin'));
}

type Event = (run: Run, person: PersonState) => unknown;

/** A write that moves the time of the last change, as all the API's are but those below. */
const written = ({ stage, server }: Run, { id }: PersonState, changes: Partial<PersonState>): void => {
  stage.sandbox.control.updateUser(id, { ...changes, update_at: stage.clock.now() + server.skewMs });
};

const isFree = ({ stage }: Run, name: string): boolean => stage.sandbox.control.user(name) === undefined;

const rename: Event = (run, person) => {
  const { dice } = run;
  const name = dice.oneOf([...names, ...names.map((one) => `old-${one}`), `new-${run.count}`]);
  if (isFree(run, name)) written(run, person, { username: name });
};

const login: Event = (run, person) => written(run, person, {});

const events: ReadonlyArray<readonly [name: string, event: Event]> = [
  ['nickname', (run, person) => written(run, person, { nickname: run.dice.oneOf(texts) })],
  ['login', login],
  ['roles', (run, person) => written(run, person, { roles: run.dice.oneOf(roleSets) })],
  ['active', (run, person) => written(run, person, { delete_at: person.delete_at === 0 ? run.stage.clock.now() : 0 })],
  ['rename', rename],
  ['rename', rename],
  [
    'exchange names',
    (run, person) => {
      const other = anyone(run);
      if (other.id === person.id) return;
      written(run, person, { username: `tmp-${run.count++}` });
      written(run, other, { username: person.username });
      written(run, person, { username: other.username });
    },
  ],
  [
    'e-mail',
    (run, person) => {
      const email = `${run.dice.oneOf(names)}@${run.dice.oneOf(['example.com', 'new.example.com'])}`;
      if (run.stage.sandbox.snapshot().people.every((one) => one.email !== email)) written(run, person, { email });
    },
  ],
  [
    'sign-in',
    (run, person) => {
      const service = run.dice.oneOf(services);
      written(run, person, { auth_service: service, auth_data: service === '' ? null : `data-${person.username}` });
    },
  ],
  // These move no time of a change.
  [
    'settings by an import',
    ({ stage, dice }, { id }) => stage.sandbox.control.updateUser(id, { notify_props: { desktop: dice.oneOf(texts) } }),
  ],
  [
    'sign-in data set back',
    ({ stage }) => {
      for (const { id, email, auth_service } of stage.sandbox.snapshot().people)
        if (auth_service === 'saml') stage.sandbox.control.updateUser(id, { auth_data: email });
    },
  ],
  [
    'exchange of sign-in data',
    (run, { id, auth_data }) => {
      const other = anyone(run);
      run.stage.sandbox.control.updateUser(id, { auth_data: null });
      run.stage.sandbox.control.updateUser(other.id, { auth_data });
      if (other.id !== id) run.stage.sandbox.control.updateUser(id, { auth_data: other.auth_data });
    },
  ],
  ['failed logins', ({ stage }, { id }) => stage.sandbox.control.updateUser(id, { failed_attempts: 3 })],
  ['a token', ({ stage }, { id }) => stage.sandbox.control.createToken(id, 'by hand')],
  [
    'a token gone',
    ({ stage }, { id }) => {
      for (const token of stage.sandbox.control.tokens(id).slice(0, 1)) stage.sandbox.control.removeToken(token.id);
    },
  ],
  ['someone new', (run) => create(run, run.dice.oneOf(names))],
  ['someone new', (run) => create(run, `new-${run.count++}`)],
  ['a new bot', (run) => create(run, run.dice.oneOf([...names, `bot-${run.count++}`]), { is_bot: true })],
  ['someone of another server', (run) => create(run, run.dice.oneOf(names), { remote_id: 'far' })],
  ['deleted for good', ({ stage }, { id }) => stage.sandbox.control.deleteUser(id)],
  [
    'deleted, and came again',
    (run, { id, username }) => {
      run.stage.sandbox.control.deleteUser(id);
      create(run, username);
    },
  ],
  [
    'deleted, and another one came',
    (run, { id }) => {
      run.stage.sandbox.control.deleteUser(id);
      create(run, `new-${run.count++}`);
    },
  ],
  ['made a bot', ({ stage }, { id }) => callApi(stage, `/users/${id}/convert_to_bot`)],
  [
    'a setting of the server',
    ({ stage, dice }) => stage.sandbox.control.setConfig({ [dice.oneOf(switches)]: dice.is(0.5) }),
  ],
  ['an earlier day came back', ({ stage, days, dice }) => days.length > 0 && comeBack(stage, dice.oneOf(days))],
  ['the server’s clock was moved', ({ server, dice }) => (server.skewMs += (dice.below(240) - 120) * minute)],
];

function create(run: Run, username: string, more: Partial<SeedUser> = {}): void {
  const email = `${username}@example.com`;
  const { people } = run.stage.sandbox.snapshot();
  if (people.some((one) => one.username === username || one.email === email)) return;
  run.stage.sandbox.control.createUser({ username, email, ...more });
}

async function callApi({ sandbox }: Stage, path: string): Promise<void> {
  const headers = { authorization: `Bearer ${sandbox.adminToken}` };
  await (await fetch(`${sandbox.url}/api/v4${path}`, { method: 'POST', headers })).text();
}

/** The server’s data are set back to what they were: who came since then is not there. */
function comeBack({ sandbox }: Stage, earlier: readonly PersonState[]): void {
  const { control } = sandbox;
  const then = new Map(earlier.map((one) => [one.id, one]));
  const now = sandbox.snapshot().people;
  for (const { id } of now) if (!then.has(id)) control.deleteUser(id);
  const left = now.flatMap(({ id }) => then.get(id) ?? []);
  // Names and e-mails are one account's each at every moment.
  for (const { id } of left)
    control.updateUser(id, { username: `t-${id}`, email: `t-${id}@example.com`, auth_data: null });
  for (const { id, passwordSet: _, isBot: _bot, ...row } of left) control.updateUser(id, row);
}

/** What somebody else may do with the file: it changes no plan. */
async function tamper(run: Run): Promise<void> {
  const { dice, stage } = run;
  const name = dice.oneOf(['people.cache', 'plan.cache'] as const);
  const file = await cacheOf(stage, name);
  if (file === undefined) return;
  const kept = `${stage.dir}/kept-${name}`;
  const what = dice.oneOf(['flip', 'cut', 'keep', 'put back'] as const);
  run.steps.push(`${name}: ${what}`);
  if (what === 'keep') return await copyFile(file, kept);
  if (what === 'put back') return await copyFile(kept, file).catch(() => undefined);
  const bytes = await readFile(file);
  const place = dice.below(bytes.length);
  if (what === 'flip') bytes[place] = (bytes[place] ?? 0) ^ (1 << dice.below(8));
  await writeFile(file, what === 'cut' ? bytes.subarray(0, place) : bytes);
}

/** Where what full reads saw lies, or a plan that found nothing to do; `undefined`: nothing was kept yet. */
export async function cacheOf(
  { dir }: Pick<Stage, 'dir'>,
  file: 'people.cache' | 'plan.cache' | 'declared.json' = 'people.cache',
): Promise<string | undefined> {
  const home = join(dir, 'state', 'muster');
  const found = await readdir(home, { recursive: true }).catch(() => []);
  const name = found.find((one) => one.endsWith(file) && !one.startsWith('.'));
  return name === undefined ? undefined : join(home, name);
}
