/** What holds of every run, whatever the server holds and whatever is wanted: properties, to be tried as often as a suite has time for. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { ApiError } from '../../../src/api/index.ts';
import { importUsers } from '../../../src/app/import-users.ts';
import { plan } from '../../../src/app/plan.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { InputError } from '../../../src/model/problem.ts';
import type { MembershipsWritten } from '../../../src/model/resource-definition.ts';
import { parseMark } from '../../../src/model/token-mark.ts';
import type { FaultSpec, PersonState, RequestRecord, SandboxConfig, SandboxState } from '../../../src/sandbox/index.ts';
import { apiPath, isWrite, openStage, type Stage, type StageRun } from '../../apply/support/stage.ts';
import { anyPeople, anyPolicy, anySituation, anyTeams, type Situation } from './any-server.ts';

const config: Partial<SandboxConfig> = {
  'GuestAccountsSettings.Enable': true,
  'SamlSettings.Enable': true,
  'LdapSettings.Enable': true,
};
/** As this server is set up; e-mail login is the empty text. */
const services: ReadonlySet<string> = new Set(['', 'saml', 'ldap']);

/** Runs a step on a server of its own. */
async function on<Result>(
  { people, policy, entries = [] }: Partial<Situation> & Pick<Situation, 'people'>,
  step: (stage: Stage) => Promise<Result>,
  log?: (line: RequestRecord) => void,
): Promise<Result> {
  const stage = await openStage({
    users: people,
    teams: anyTeams,
    licence: 'enterprise',
    config,
    muster: { policy: { ...policy } },
    ...(log !== undefined && { log }),
  });
  try {
    await stage.declare(entries);
    return await step(stage);
  } finally {
    await stage.close();
  }
}

/** What never must be, looked at after every write. */
class Watch {
  readonly complaints: string[] = [];
  stage: Stage | undefined;
  #before: SandboxState | undefined;
  readonly #entries: ReadonlyMap<string, UserEntry>;
  readonly #minAdmins: number;

  constructor({ entries, policy }: Situation) {
    this.#entries = new Map(
      entries.flatMap((entry) => [entry.username, ...(entry.previous_usernames ?? [])].map((name) => [name, entry])),
    );
    this.#minAdmins = policy.min_admins ?? 2;
  }

  readonly log = (line: RequestRecord): void => {
    if (this.stage === undefined || this.#before === undefined || !isWrite(line)) return;
    const now = this.stage.sandbox.snapshot();
    const complain = (text: string): void =>
      void this.complaints.push(`after ${line.method} ${apiPath(line)}: ${text}`);
    this.#watchRequest(line, complain);
    this.#watchAdmins(this.#before, now, complain);
    for (const was of this.#before.people) {
      const is = now.people.find(({ id }) => id === was.id);
      if (is === undefined) complain(`${was.username} is gone`);
      else this.#watchPerson(was, is, this.#before, now, complain);
    }
  };

  begin(stage: Stage): void {
    this.stage = stage;
    this.#before = stage.sandbox.snapshot();
  }

  #watchRequest({ method, path, query, body }: RequestRecord, complain: (text: string) => void): void {
    const { roles } = (body ?? {}) as { roles?: unknown };
    if (path.endsWith('/roles') && (typeof roles !== 'string' || !/^\S+( \S+)*$/.test(roles)))
      complain(`roles ${String(roles)}`);
    // Out of teams and channels alone: no person, and no team, is ever deleted.
    const isLeave = /\/(teams|channels)\/[a-z0-9]{26}\/members\/[a-z0-9]{26}$/.test(path);
    const isBatch = path.endsWith('/members/batch') && query === '?graceful=true';
    if ((method === 'DELETE' && !isLeave) || (query !== '' && !isBatch)) complain('a call that muster never makes');
  }

  #watchAdmins(before: SandboxState, now: SandboxState, complain: (text: string) => void): void {
    const [had, has] = [ableAdmins(before), ableAdmins(now)];
    if (has < Math.min(had, this.#minAdmins)) complain(`${has} of ${had} administrators are left`);
  }

  #watchPerson(
    was: PersonState,
    is: PersonState,
    before: SandboxState,
    now: SandboxState,
    complain: (text: string) => void,
  ): void {
    const entry = this.#entries.get(was.username);
    const tokensOf = ({ tokens }: SandboxState): unknown =>
      tokens.filter(({ user_id }) => user_id === was.id).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (was.username === 'sandbox-admin' || entry === undefined) {
      if (JSON.stringify([is, tokensOf(now)]) !== JSON.stringify([was, tokensOf(before)]))
        complain(`${was.username} was touched`);
      return;
    }
    if (was.roles !== '' && is.roles.trim() === '') complain(`${was.username} has no roles any more`);
    if (was.delete_at !== 0 && is.delete_at !== 0 && is.delete_at !== was.delete_at)
      complain(`${was.username} was deactivated again`);
    if (was.delete_at !== 0 && is.delete_at === 0) this.#watchReturner(is, entry, before, now, complain);
  }

  /**
   * Whoever is back has no role that is not wanted now, and of the tokens of before those alone that are listed. A
   * wanted one may be held: then a plan goes on saying so.
   */
  #watchReturner(
    is: PersonState,
    entry: UserEntry,
    before: SandboxState,
    now: SandboxState,
    complain: (text: string) => void,
  ): void {
    // Old rows may hold a role twice, or blanks of any number.
    const roles = new Set(is.roles.split(' ').filter((role) => role !== ''));
    const wanted = new Set(entry.roles ?? [roles.has('system_guest') ? 'system_guest' : 'system_user']);
    if (!wanted.has('system_guest')) wanted.add('system_user');
    if (roles.size === 0 || [...roles].some((role) => !wanted.has(role)))
      complain(`${is.username} is back with ${is.roles}`);
    const old = new Set(before.tokens.map(({ id }) => id));
    for (const token of now.tokens.filter(
      ({ id, user_id, is_active }) => user_id === is.id && is_active && old.has(id),
    )) {
      const mark = parseMark(token.description);
      const isListed = entry.tokens?.some(
        ({ name, generation = 1 }) => name === mark?.name && generation === mark.generation,
      );
      if (isListed !== true) complain(`${is.username} is back with the token ${token.description}`);
    }
  }
}

const ableAdmins = ({ people }: SandboxState): number =>
  people.filter(
    ({ roles, delete_at, isBot, remote_id, auth_service }) =>
      roles.split(' ').includes('system_admin') &&
      delete_at === 0 &&
      !isBot &&
      !remote_id &&
      services.has(auth_service),
  ).length;

/** A file that contradicts the server is refused before anything is read for writing; that is no run. */
async function unlessRefused<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** How often a property is tried. */
export interface Tries {
  readonly numRuns: number;
  /** Absent: another one each time. */
  readonly seed?: number;
}

/** Ends the search for the smallest example before the test's own limit would leave none at all. */
const limit = { interruptAfterTimeLimit: 8 * 60_000, markInterruptAsFailure: true };

const anyMemberships = fc.constantFrom<MembershipsWritten>('none', 'teams', 'channels', 'channels');

export async function importingPlansNothing(tries: Tries): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      anyPeople,
      anyPolicy,
      anyMemberships,
      async (people, { foreign_tokens: _foreign, ...policy }, memberships) => {
        const after = await on({ people, policy }, async (stage) => {
          await writeFile(join(stage.dir, 'imported.yaml'), (await importUsers({ memberships }, stage.ports)).text);
          return (await plan({ files: ['imported.yaml'] }, stage.ports)).plan;
        });

        expect(after.actions.flatMap(({ changes }) => changes.map(({ id }) => id))).toEqual([]);
        expect([
          after.held,
          after.blocked,
          after.undeclared.filter(({ username }) => username !== 'system' && !username.startsWith('muster.tmp.')),
        ]).toEqual([[], [], []]);
        expect(after.summary.unchanged).toBe(after.summary.declared);
      },
    ),
    { ...limit, ...tries },
  );
}

/** @returns runs that were not refused */
export async function undisturbedApplyDoesAll(tries: Tries): Promise<number> {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(anySituation, async (situation) => {
      const watch = new Watch(situation);
      await on(
        situation,
        async (stage) => {
          watch.begin(stage);
          const run = await unlessRefused(() => stage.apply());
          if (run === undefined) return;
          runs++;
          expect(run.results).toHaveLength(run.plan.actions.length);
          expect(failuresOf(run)).toEqual([]);
          expect(unexplained(await stage.plan(), run)).toEqual([]);
        },
        watch.log,
      );
      expect(watch.complaints).toEqual([]);
    }),
    { ...limit, ...tries },
  );
  return runs;
}

export async function disturbedApplyIsMadeGood(tries: Tries): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anySituation, fc.array(anyFault, { maxLength: 6 }), async (situation, faults) => {
      const watch = new Watch(situation);
      await on(
        situation,
        async (stage) => {
          watch.begin(stage);
          const arm = (): void => {
            for (const fault of faults) stage.sandbox.faults.add(fault);
          };
          const run = await unlessRefused(() => stage.apply({ meanwhile: arm }));
          if (run === undefined) return;
          stage.sandbox.faults.clear();
          expect(run.results).toHaveLength(run.plan.actions.length);
          expect(unexplained(await stage.plan(), run)).toEqual([]);
          const second = await stage.apply();
          expect(unexplained(await stage.plan(), second)).toEqual([]);
          expect(doubled(stage)).toEqual([]);
        },
        watch.log,
      );
      expect(watch.complaints).toEqual([]);
    }),
    { ...limit, ...tries },
  );
}

/** @returns runs that had something to undo */
export async function undoBringsBack(tries: Tries): Promise<number> {
  let undone = 0;
  await fc.assert(
    // Ways to sign in cannot be undone, and what follows from them is told elsewhere.
    fc.asyncProperty(anySituation, async ({ entries, ...situation }) => {
      const kept = entries.map(withoutAuth);
      const policy = { ...situation.policy, foreign_tokens: 'ignore' as const };
      await on({ ...situation, policy, entries: kept }, async (stage) => {
        const before = stage.sandbox.snapshot();
        const { text } = await importUsers({}, stage.ports);
        await writeFile(
          join(stage.dir, 'previous.yaml'),
          text.replaceAll(/^( *)- username:.*$/gm, '$&\n$1  adopt: true'),
        );
        const run = await unlessRefused(() => stage.apply());
        if (run === undefined || run.results.length === 0) return;
        undone++;
        const between = stage.sandbox.snapshot();

        const undo = await stage.undo();

        expect(failuresOf(undo)).toEqual([]);
        const excused = excusedBy(undo, run, [before, between]);
        const after = stage.sandbox.snapshot();
        const { actions } = (await plan({ files: ['previous.yaml'] }, stage.ports)).plan;
        expect(actions.filter(({ account = '' }) => !excused.has(account))).toEqual([]);
        const old = before.people.filter(({ id }) => !excused.has(id));
        expect(old.map(({ id }) => tokensOf(id, after))).toEqual(old.map(({ id }) => tokensOf(id, before)));
        const isOld = new Set(before.people.map(({ id }) => id));
        expect(after.people.filter(({ id, delete_at: at }) => !isOld.has(id) && at === 0 && !excused.has(id))).toEqual(
          [],
        );
      });
    }),
    { ...limit, ...tries },
  );
  return undone;
}

/** Accounts of which an undo said that something stays, or at which the server itself refuses something. */
function excusedBy(undo: StageRun, run: StageRun, states: readonly SandboxState[]): ReadonlySet<string> {
  const stays = undo.plan.notices.filter(({ code }) => code === 'cannot-be-undone').map(({ person }) => person);
  const stopped = [...undo.plan.blocked, ...undo.plan.held].map(({ change }) => change.person);
  const named = new Set([...stays, ...stopped]);
  // By the name that they had, or by the one that they get.
  return new Set(
    states.flatMap(({ people }) =>
      people.flatMap(({ id, username }) =>
        named.has(username) || isGuarded(username, run) || isGuarded(username, undo) ? [id] : [],
      ),
    ),
  );
}

function withoutAuth(entry: UserEntry): UserEntry {
  const { auth: _auth, ...others } = entry;
  return others;
}

const tokensOf = (owner: string, { tokens }: SandboxState): readonly string[] =>
  tokens
    .filter(({ user_id }) => user_id === owner)
    .map(({ id, is_active }) => `${id} ${is_active}`)
    .toSorted();

/** Changes of the next plan that the run did not leave open: neither blocked by a rail nor without a good end. */
function unexplained(next: Plan, run: StageRun): readonly string[] {
  const left = new Set([
    ...run.plan.blocked.map(({ change }) => change.id),
    ...run.results.flatMap(({ action, outcome }) =>
      outcome.status === 'done' ? [] : action.changes.map(({ id }) => id),
    ),
  ]);
  return next.actions.flatMap(({ changes }) => changes.map(({ id }) => id)).filter((id) => !left.has(id));
}

/** What went wrong, but for what this server refuses whoever asks. */
function failuresOf(run: StageRun): readonly string[] {
  return run.results.flatMap(({ action: { person, call }, outcome }) => {
    if (outcome.status === 'done' || isGuarded(person, run)) return [];
    return [
      `${person} ${call.operation}: ${outcome.status === 'failed' ? outcome.error.message : JSON.stringify(outcome)}`,
    ];
  });
}

const refusedWhoeverAsks: ReadonlySet<string | undefined> = new Set([
  // Taking `system_admin` from anybody, active or not, while only one active administrator is there.
  'app.user.update.lastAdmin.app_error',
  // Guests who sign in by magic link stay what they are.
  'api.user.update_password.magic_link.app_error',
  'api.user.promote_guest_to_user.magic_link_enabled.app_error',
]);

/** Whether the server refused one of a person's actions by a rule of its own. */
function isGuarded(person: string, { results }: StageRun): boolean {
  return results.some(
    ({ action, outcome }) =>
      action.person === person &&
      outcome.status === 'failed' &&
      outcome.error instanceof ApiError &&
      refusedWhoeverAsks.has(outcome.error.id),
  );
}

const anyFault: fc.Arbitrary<FaultSpec> = fc
  .record({
    fault: fc.constantFrom<FaultSpec>(
      { kind: 'reset-before-commit' },
      { kind: 'reset-after-commit' },
      { kind: 'error', status: 500 },
      { kind: 'error', status: 502, isAfterCommit: true },
      { kind: 'error', status: 403, body: 'json' },
      { kind: 'truncated-body' },
      { kind: 'rate-limit', retryAfter: 1 },
    ),
    nth: fc.nat(40),
    times: fc.nat(3),
  })
  .map(({ fault, nth, times }) => {
    const turns = Array.from({ length: times + 1 }, (_, i) => nth + i + 1);
    return { ...fault, times: turns.length, match: { nth: turns } };
  });

/** Live tokens with the same mark that this run made for the same person. */
function doubled({ sandbox }: Stage): readonly string[] {
  const made = sandbox.snapshot().tokens.filter(({ description }) => description.includes('muster:2026-06-15'));
  const keys = made.map(({ user_id, description }) => `${user_id} ${description.split(' ')[0]}`);
  return keys.filter((key, i) => keys.indexOf(key) !== i);
}
