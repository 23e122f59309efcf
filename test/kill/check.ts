/** What must hold in the end, however often a process was killed on the way. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderStore } from '../../src/journal/journal-store.ts';
import { verifyRuns } from '../../src/journal/verify-runs.ts';
import { canonicalJson } from '../../src/model/canonical-json.ts';
import { parseMark } from '../../src/model/token-mark.ts';
import { parsePlanFile } from '../../src/plan/plan-file.ts';
import { replay } from '../../src/runs/replay.ts';
import type { PersonState, Sandbox } from '../../src/sandbox/index.ts';
import type { Ending } from './program.ts';
import type { KillStage } from './stage.ts';
import { startPassword } from './world.ts';

/** How an account looks, field by field. */
export type Look = ReadonlyMap<string, string>;

/** Everything of each account that a plan can change, its tokens included; by username. */
export function peopleOf(sandbox: Sandbox): ReadonlyMap<string, Look> {
  return new Map(
    sandbox.snapshot().people.map((person) => {
      const look = Object.entries(lookOf(person, sandbox));
      return [person.username, new Map(look.map(([field, value]) => [field, canonicalJson(value)]))];
    }),
  );
}

function lookOf(person: PersonState, sandbox: Sandbox): object {
  const tokens = sandbox.control.tokens(person.id).map(({ description, is_active }) => {
    const name = parseMark(description) === undefined ? description : description.split(' ')[0];
    return `${name ?? ''} ${is_active ? 'enabled' : 'disabled'}`;
  });
  return {
    email: person.email,
    first_name: person.first_name,
    last_name: person.last_name,
    nickname: person.nickname,
    position: person.position,
    locale: person.locale,
    timezone: person.timezone,
    notify_props: person.notify_props,
    props: person.props,
    roles: person.roles.split(' ').toSorted(),
    isActive: person.delete_at === 0,
    auth: `${person.auth_service} ${person.auth_data ?? ''}`,
    hasPassword: person.passwordSet,
    tokens: tokens.toSorted(),
    places: sandbox.control
      .memberships(person.username)
      .filter(({ left }) => !left)
      .map(({ place, roles }) => `${place} ${roles}`),
  };
}

/** @returns everything that is not as it must be */
export async function flawsOf(
  stage: KillStage,
  reference: ReadonlyMap<string, Look>,
  endings: readonly Ending[],
): Promise<readonly string[]> {
  return [
    ...(stage.door.flaw === undefined ? [] : [stage.door.flaw]),
    ...peopleFlaws(peopleOf(stage.sandbox), reference),
    ...(await tokenFlaws(stage)),
    ...(await journalFlaws(stage)),
    ...(await leaks(stage, endings)),
  ];
}

function peopleFlaws(people: ReadonlyMap<string, Look>, wanted: ReadonlyMap<string, Look>): readonly string[] {
  const names = new Set([...people.keys(), ...wanted.keys()]);
  return [...names].flatMap((name) => {
    const [is, should] = [people.get(name), wanted.get(name)];
    if (is === undefined) return [`${name} is not there`];
    if (should === undefined) return [`${name} is there, and nobody wanted that`];
    return [...should].flatMap(([field, value]) =>
      is.get(field) === value ? [] : [`${field} of ${name} is ${is.get(field) ?? ''}, and without a kill ${value}`],
    );
  });
}

/** Each declared token lives once, and its sink has just its secret; no token of muster's lives whose secret nobody has. */
async function tokenFlaws({ world, sandbox, door, dir, sunk }: KillStage): Promise<readonly string[]> {
  const flaws: string[] = [];
  const kept = new Set<string>();
  const madeIds = new Map(door.tokens.map(({ id, secret }) => [secret, id]));
  for (const { username, tokens = [], active } of world.entries) {
    const live = sandbox.control.user(username) === undefined ? [] : sandbox.control.tokens(username);
    for (const { name, generation = 1, sink, enabled } of tokens) {
      const what = `${name}@${generation} of ${username}`;
      const same = live.filter(({ description }) => description.startsWith(`${name}@${generation} `));
      if (same.length !== 1) flaws.push(`${same.length} tokens ${what}`);
      const [one] = same;
      const isFromBefore = one?.description.endsWith(':abcdefghij') === true;
      if (isFromBefore || enabled === false || active === false) continue;
      const folder = sink === 'program' ? sunk : join(dir, 'secrets', sink ?? '.');
      const path = join(folder, `${username}~${name}@${generation}.token`);
      const secret = (await readFile(path, 'utf8').catch(() => '')).trim();
      kept.add(madeIds.get(secret) ?? '');
      if (madeIds.get(secret) !== one?.id) flaws.push(`the sink has another secret than that of ${what}`);
      const me = await signIn(sandbox, secret);
      if (me !== username) flaws.push(`the secret of ${what} signs in as ${me}`);
    }
  }
  for (const { id, description } of sandbox.snapshot().tokens) {
    const isMade = parseMark(description) !== undefined && !description.endsWith(':abcdefghij');
    if (isMade && !kept.has(id)) flaws.push(`nobody has the secret of the token ${description}`);
  }
  return flaws;
}

async function signIn({ url }: Sandbox, secret: string): Promise<string> {
  const answer = await fetch(`${url}/api/v4/users/me`, { headers: { authorization: `Bearer ${secret}` } });
  const { username } = (await answer.json()) as { username?: string };
  return username ?? `nobody (${answer.status})`;
}

async function journalFlaws(stage: KillStage): Promise<readonly string[]> {
  const verified = await verifyRuns(folderStore(await stage.stateDir()), (text) => parsePlanFile(text).digest ?? '');
  const records = verified.findLast((run) => run.records !== undefined)?.records;
  const last = records && replay(records);
  return [
    ...verified.flatMap(({ flaws }) => flaws),
    ...(last?.ended === undefined ? ['the newest journal has no end'] : []),
    ...(last === undefined || last.openTokens.length > 0 ? ['the newest journal still looks for tokens'] : []),
  ];
}

/** No secret in anything that a process said or remembers. */
async function leaks(stage: KillStage, endings: readonly Ending[]): Promise<readonly string[]> {
  const stateDir = await stage.stateDir();
  const files = await Promise.all((await readdir(stateDir)).map((name) => readFile(join(stateDir, name), 'utf8')));
  const said = [...files, ...endings.flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');
  const secrets = [startPassword, stage.sandbox.adminToken, ...stage.door.tokens.map(({ secret }) => secret)];
  return secrets.filter((secret) => said.includes(secret)).map(() => 'a secret stands in what a process wrote');
}
