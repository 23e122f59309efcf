/** What must hold in the end: all is as after a run that nothing disturbed, and every secret is where it belongs. */
import type { User } from '../../src/api/index.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { isMarkOf, parseMark } from '../../src/model/token-mark.ts';
import { sortRoles } from '../../src/model/user-rules.ts';
import { Violation } from './ledger.ts';
import { isActive, type ModelServer, rolesOf, type TokenRow } from './model-server.ts';
import { type Planned, planNow } from './program.ts';
import { type Ended, run, Sim } from './run.ts';
import { Life } from './scheduler.ts';
import type { SimWorld } from './world.ts';

/** How a world looks once its plan is carried out. */
export interface Reference {
  readonly people: ReadonlyMap<string, string>;
  /** Writes that were carried out, by `<operation> <whom>`. */
  readonly writes: ReadonlyMap<string, number>;
  readonly steps: number;
  /** One run is enough: whatever it plans is carried out, and no rail stops a part of it. */
  readonly isPlain: boolean;
  readonly planned: Planned;
}

/** Runs a world without any trouble. */
export async function referenceOf(world: SimWorld): Promise<Reference> {
  const planned = await planOf(world);
  const ended = await run({ world, seed: 1, planned });
  checkTokens(ended);
  const isPlain = ended.lives === 1 && !ended.isBlocked;
  if (isPlain) await checkNothingLeft(ended);
  return { people: peopleOf(ended.server), writes: writesOf(ended), steps: ended.scheduler.steps, isPlain, planned };
}

export interface Strictness {
  /** Nothing but crashes happened, and every state directory was kept. */
  readonly onlyCrashes: boolean;
  readonly losesState: boolean;
  /** Two runs did not know of each other: each may have made the token that both want, and the sink has the later secret. */
  readonly isRace?: boolean;
}

/** @throws {Violation} */
export async function checkEnd(ended: Ended, reference: Reference, strictness: Strictness): Promise<void> {
  const { onlyCrashes, losesState, isRace = false } = strictness;
  const people = peopleOf(ended.server);
  if (ended.isBlocked) return checkTokens(ended);
  for (const [name, text] of people) {
    const wanted = reference.people.get(name);
    if (wanted === undefined) throw new Violation(`${name} is there, and nobody wanted that`);
    if (!losesState && text !== wanted) throw new Violation(`${name} is ${text}\n  and not ${wanted}`);
  }
  for (const name of reference.people.keys()) if (!people.has(name)) throw new Violation(`${name} is not there`);
  if (losesState) return;
  if (isRace) checkSinks(ended);
  else checkTokens(ended);
  await checkNothingLeft(ended);
  if (!onlyCrashes) return;
  checkNothingTwice(ended, reference);
  checkOneIsEnough(ended);
}

/** Everything of each account that a plan can change, its tokens included; by username. */
function peopleOf(server: ModelServer): ReadonlyMap<string, string> {
  return new Map([...server.users.values()].map((user) => [user.username, canonicalJson(lookOf(user, server))]));
}

function lookOf(user: User, server: ModelServer): object {
  const { email, first_name, last_name, nickname, position, locale, timezone, notify_props, props } = user;
  const tokens = server.tokensOf(user.id).map(({ id, description, is_active }) => {
    const name = parseMark(description) === undefined ? id : description.split(' ')[0];
    return `${name ?? ''} ${is_active ? 'enabled' : 'disabled'}`;
  });
  const profile = { email, first_name, last_name, nickname, position, locale, timezone, notify_props, props };
  return {
    ...profile,
    roles: sortRoles(rolesOf(user)),
    active: isActive(user),
    auth: `${user.auth_service} ${user.auth_data ?? ''}`,
    mfa: user.mfa_active,
    tokens: [...new Set(tokens)].toSorted(),
    places: server.places.textsOf(user.id).toSorted(),
  };
}

/** Each declared token lives once, its secret is in its sink, and no token of muster's lives whose secret nobody has. */
function checkTokens({ world, server, keeper }: Ended): void {
  const before = new Set(world.server.tokens.map(({ id }) => id));
  const secrets = new Set(keeper.kept.values());
  for (const { id, description, secretText } of server.tokens.values()) {
    if (before.has(id) || parseMark(description) === undefined) continue;
    if (!secrets.has(secretText)) throw new Violation(`nobody has the secret of the token ${description}`);
  }
  for (const { username, values, tokens = [] } of world.desired.users) {
    const user = server.find((one) => one.username === values.username);
    if (user === undefined || !isActive(user)) continue;
    for (const { name, generation, enabled } of tokens) {
      const live = marked(server, user, name, generation);
      const [first] = live;
      if (live.length > 1 && live.some(({ id }) => !before.has(id)))
        throw new Violation(`${live.length} tokens ${name}@${generation} of ${username}`);
      if (first === undefined || before.has(first.id)) continue;
      if (enabled && !first.is_active)
        throw new Violation(`the token ${name}@${generation} of ${username} is disabled`);
      if (keeper.kept.get(`${username}~${name}@${generation}`) !== first.secretText)
        throw new Violation(`the sink has another secret than that of ${name}@${generation} of ${username}`);
    }
  }
}

/** Of each declared token one lives whose secret is in the sink. */
function checkSinks({ world, server, keeper }: Ended): void {
  const before = new Set(world.server.tokens.map(({ id }) => id));
  for (const { username, values, tokens = [] } of world.desired.users) {
    const user = server.find((one) => one.username === values.username);
    if (user === undefined || !isActive(user)) continue;
    for (const { name, generation, enabled } of tokens) {
      const live = marked(server, user, name, generation);
      const secret = keeper.kept.get(`${username}~${name}@${generation}`);
      if (!enabled || live.length === 0 || live.some(({ id, secretText }) => before.has(id) || secretText === secret))
        continue;
      throw new Violation(`no live token has the secret that the sink has of ${name}@${generation} of ${username}`);
    }
  }
}

const marked = (server: ModelServer, user: User, name: string, generation: number): readonly TokenRow[] =>
  server.tokensOf(user.id).filter(({ description }) => isMarkOf({ name, generation }, description));

/** The plan that a world leads to, without trouble. */
export async function planOf(world: SimWorld): Promise<Planned> {
  const sim = new Sim({ world, seed: 1 });
  let ended: { readonly planned: Planned } | { readonly error: unknown } | undefined;
  planNow(sim.processOf(new Life(1))).then(
    (planned) => {
      ended = { planned };
    },
    (error: unknown) => {
      ended = { error };
    },
  );
  await sim.scheduler.run(() => ended !== undefined);
  if (ended !== undefined && 'planned' in ended) return ended.planned;
  throw new Violation('no plan can be made', { cause: ended?.error });
}

/** The next plan has nothing to do. */
async function checkNothingLeft({ world, server }: Ended): Promise<void> {
  const { users, tokens, places } = server;
  const now = { ...world.server, users: [...users.values()], tokens: [...tokens.values()], places: places.seed };
  const { actions } = (await planOf({ ...world, server: now })).plan;
  const left = actions.map(({ person, call }) => `${call.operation} of ${person}`);
  if (left.length > 0) throw new Violation(`the next plan would still do: ${left.join(', ')}`);
}

const counted = /^(users|passwords|teams|channels)\./;

function writesOf({ ledger }: Ended): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation, subject } of ledger.entries) {
    if (!counted.test(operation)) continue;
    const key = `${operation} ${subject}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** What may have been carried out was looked for before it was sent again. */
function checkNothingTwice(ended: Ended, { writes }: Reference): void {
  for (const [write, count] of writesOf(ended)) {
    const usual = writes.get(write) ?? 0;
    if (count > Math.max(usual, 1))
      throw new Violation(`${write} was carried out ${count} times, and ${usual} times without a crash`);
  }
}

/** Whoever comes after a crash or an interrupt and is left alone brings everything to its end, with nothing stale or failed. */
function checkOneIsEnough({ lives, crashes, interrupted, lockedOut }: Ended): void {
  const runs = lives - crashes - interrupted - lockedOut;
  if (runs > 1) throw new Violation(`${runs} runs were needed after them, though nothing else went wrong`);
}
