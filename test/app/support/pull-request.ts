/**
 * A pull request is planned beside its base and merged; then it is applied, several times within the 30 days that a plan
 * looks ahead. Whatever those applies write, the plan has shown.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apply } from '../../../src/app/apply.ts';
import { plan } from '../../../src/app/plan.ts';
import type { AppPorts } from '../../../src/app/ports.ts';
import type { ApprovalEntry } from '../../../src/model/generated/approvals-file.ts';
import type { BudgetName, Change, Plan } from '../../../src/model/plan.ts';
import { InputError } from '../../../src/model/problem.ts';
import type { RequestRecord, SandboxState } from '../../../src/sandbox/index.ts';
import { noon, openStage, type Stage } from '../../apply/support/stage.ts';
import { randomFrom } from '../../support/read-fault-run.ts';
import { approvalFor, type Draw, drawCase, type Files, numberOf, type PullRequestCase } from './any-pull-request.ts';
import { classesOf, isSilent, type SeenWrite } from './class-of-writes.ts';

const dayMs = 86_400_000;
/** As far as a plan looks ahead. */
const daysAhead = 30;

/** What came of one pull request. */
export interface Merged {
  /** What the plan did not show, in words; empty as it has to be. */
  readonly unseen: readonly string[];
  /** Changes of accounts and tokens that the applies made. */
  readonly writes: number;
  /** Of those, on a later day than that of the plan. */
  readonly later: number;
  /** Files that contradict themselves or the server have no plan. */
  readonly isRefused: boolean;
}

const refused: Merged = { unseen: [], writes: 0, later: 0, isRefused: true };

export async function mergePullRequest(seed: number): Promise<Merged> {
  const pick = randomFrom(seed);
  const given = drawCase(pick);
  const writes = new WriteWatch();
  const stage = await openStage({
    users: given.seeds,
    version: given.version,
    seed,
    licence: 'enterprise',
    config: { 'GuestAccountsSettings.Enable': true, 'SamlSettings.Enable': true },
    log: (line) => writes.look(line),
  });
  try {
    return await mergeOn(stage, given, writes, pick);
  } finally {
    await stage.close();
  }
}

async function mergeOn(stage: Stage, given: PullRequestCase, writes: WriteWatch, pick: Draw): Promise<Merged> {
  const repository = await Repository.open(stage);
  await repository.merge(given.base);
  // Half of the time the base was applied before, so that the server is as it says, and budgets are used.
  if (pick(2) === 0 && (await unlessRefused(() => repository.apply())) === undefined) return refused;
  stage.clock.advance(pick(2) * pick(3 * dayMs));
  const { pullRequest } = given;
  await repository.propose(pullRequest);
  const first = await unlessRefused(() => repository.plan());
  if (first === undefined) return refused;
  const approved = pick(2) === 0 ? withApprovals(pullRequest, first, daysSinceNoon(stage)) : pullRequest;
  await repository.propose(approved);
  const shown = await repository.plan();
  await repository.merge(approved);
  const isPlannedOn = stage.clock.now();
  writes.begin(stage);
  const unseen: string[] = [];
  let later = 0;
  for (const atMs of momentsAfter(isPlannedOn, shown, pick)) {
    stage.clock.advance(Math.max(0, atMs - stage.clock.now()));
    await unlessRefused(() => repository.apply());
    const nowMs = stage.clock.now();
    const seen = writes.take();
    later += nowMs - isPlannedOn > dayMs ? seen.length : 0;
    for (const write of seen) {
      const who = numberOf(write.username);
      if (!isShown(shown, who, write, nowMs))
        unseen.push(
          `${write.class} of person ${who} after ${((nowMs - isPlannedOn) / dayMs).toFixed(1)} days, by ${write.request}`,
        );
    }
  }
  return { unseen, writes: writes.count, later, isRefused: false };
}

const daysSinceNoon = ({ clock }: Stage): number => Math.floor((clock.now() - noon) / dayMs);

/** Whether a plan has an action, a dated change that is due, or a blocked one for what was written. */
function isShown(shown: Plan, who: string, { class: name }: SeenWrite, nowMs: number): boolean {
  const isIt = (change: Change): boolean => change.class === name && numberOf(change.person) === who;
  return (
    shown.actions.some(({ changes }) => changes.some(isIt)) ||
    shown.blocked.some(({ change }) => isIt(change)) ||
    shown.scheduled.some(({ change, due }) => isIt(change) && Date.parse(due) <= nowMs)
  );
}

/** Pastes what the plan asks for, as a person who wants the pull request merged would. */
function withApprovals(files: Files, { blocked }: Plan, today: number): Files {
  const users = new Map<BudgetName, string[]>();
  for (const { budget, change } of blocked)
    if (budget !== undefined) users.set(budget, [...(users.get(budget) ?? []), change.person]);
  const added = [...users].map(([name, people]): ApprovalEntry => approvalFor(name, people, today + 14));
  return { ...files, approvals: [...files.approvals, ...added] };
}

/** Right after the merge or later; around what the plan says is due, and any other day. */
function momentsAfter(fromMs: number, { scheduled }: Plan, pick: Draw): readonly number[] {
  const lastMs = fromMs + daysAhead * dayMs;
  const due = scheduled.map((one) => Date.parse(one.due)).filter((ms) => ms <= lastMs);
  const count = 1 + pick(4);
  const drawn = Array.from({ length: count }, () => {
    const one = due.length > 0 && pick(3) > 0 ? due[pick(due.length)] : undefined;
    return one ?? fromMs + pick(daysAhead * dayMs);
  });
  return [...(pick(2) === 0 ? [fromMs] : []), ...drawn].map((ms) => Math.min(lastMs, ms)).toSorted((a, b) => a - b);
}

async function unlessRefused<Result>(run: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The branch that is deployed, and a pull request beside it. */
class Repository {
  readonly #base: string;
  readonly #work: string;
  readonly #reviewer: AppPorts;
  readonly #deployer: AppPorts;

  private constructor(base: string, work: string, { ports }: Stage, reviewersState: string) {
    this.#base = base;
    this.#work = work;
    this.#deployer = { ...ports, workingDir: work };
    // A pull request is planned on a fresh machine.
    this.#reviewer = { ...this.#deployer, env: { ...ports.env, XDG_STATE_HOME: reviewersState } };
  }

  static async open(stage: Stage): Promise<Repository> {
    const [base, work] = [join(stage.dir, 'base'), join(stage.dir, 'work')];
    await mkdir(base);
    await mkdir(work);
    return new Repository(base, work, stage, join(stage.dir, 'reviewer'));
  }

  /** Both are the same. */
  async merge(files: Files): Promise<void> {
    await writeAll(this.#base, files);
    await writeAll(this.#work, files);
  }

  propose(files: Files): Promise<void> {
    return writeAll(this.#work, files);
  }

  async plan(): Promise<Plan> {
    return (await plan({ base: this.#base, requireBase: true }, this.#reviewer)).plan;
  }

  async apply(): Promise<Plan> {
    const options = { base: this.#base, requireBase: true, confirm: () => Promise.resolve(true) };
    return (await apply(options, this.#deployer)).plan;
  }
}

/** JSON is YAML. */
async function writeAll(dir: string, { config, users, approvals }: Files): Promise<void> {
  await writeFile(join(dir, 'muster.yaml'), JSON.stringify(config));
  await writeFile(join(dir, 'users.yaml'), JSON.stringify(users));
  await writeFile(join(dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals }));
}

/** Everything that is written, from a moment on. */
class WriteWatch {
  count = 0;
  #stage: Stage | undefined;
  #before: SandboxState | undefined;
  #seen: SeenWrite[] = [];

  begin(stage: Stage): void {
    this.#stage = stage;
    this.#before = stage.sandbox.snapshot();
  }

  look(line: RequestRecord): void {
    if (this.#stage === undefined || this.#before === undefined) return;
    if (isSilent(line)) return;
    const now = this.#stage.sandbox.snapshot();
    this.#seen.push(...classesOf(line, this.#before, now));
    this.#before = now;
  }

  take(): readonly SeenWrite[] {
    const seen = this.#seen;
    this.#seen = [];
    this.count += seen.length;
    return seen;
  }
}
