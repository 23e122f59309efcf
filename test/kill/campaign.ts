/** Scenarios by the number: each on a server of its own, and compared with what the same world becomes without a kill. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { flawsOf, type Look, peopleOf } from './check.ts';
import type { FileKill, FileKind } from './preload-order.ts';
import type { Ending, Program, Running } from './program.ts';
import { type Extent, type Kill, type Scenario, scenarioFrom } from './scenario.ts';
import { sinkKillFile } from './sink-program.ts';
import { type KillStage, openKillStage } from './stage.ts';
import { type KillWorld, worldOfSeed } from './world.ts';

/** How a world ends without a kill, and how much there is on the way. */
interface Reference extends Extent {
  readonly people: ReadonlyMap<string, Look>;
}

/** What became of a scenario. */
export interface Result {
  readonly scenario: Scenario;
  /** Kills that found a process at work. */
  readonly kills: number;
  /** Processes after the last kill, until nothing was left to do. */
  readonly runs: number;
  /** Exit codes of all processes that were not killed. */
  readonly codes: readonly number[];
  readonly flaws: readonly string[];
  /** What the processes said, where there is a flaw. */
  readonly said: string;
}

const maxRuns = 5;
/** Neighbours share a world, and so the run that it is compared with. */
const seedsPerWorld = 40;

/** Worlds with their references, each made once. */
export class Campaign {
  readonly #program: Program;
  readonly #known = new Map<number, Promise<Reference>>();

  constructor(program: Program) {
    this.#program = program;
  }

  async scenarioOf(seed: number): Promise<Scenario> {
    const world = 1 + Math.floor(seed / seedsPerWorld);
    return scenarioFrom(seed, worldOfSeed(world), await this.#referenceOf(world));
  }

  async run(scenario: Scenario): Promise<Result> {
    const reference = await this.#referenceOf(scenario.world);
    return await runScenario(this.#program, worldOfSeed(scenario.world), scenario, reference);
  }

  #referenceOf(world: number): Promise<Reference> {
    const reference = this.#known.get(world) ?? referenceOf(this.#program, worldOfSeed(world));
    this.#known.set(world, reference);
    return reference;
  }
}

async function referenceOf(program: Program, world: KillWorld): Promise<Reference> {
  const stage = await openKillStage(program, world);
  const dir = await mkdtemp(join(tmpdir(), 'muster-count-'));
  try {
    const countInto = join(dir, 'counts.json');
    const startedMs = performance.now();
    const ending = await (await stage.start(['apply', '--yes'], { countInto })).ended;
    const ms = performance.now() - startedMs;
    const left = (await stage.plan()).actions.length;
    if (ending.code !== 0 || left > 0)
      throw new Error(`world ${world.seed} ends with ${ending.code}, ${left} left:\n${ending.stdout}${ending.stderr}`);
    const people = peopleOf(stage.sandbox);
    const flaws = await flawsOf(stage, people, [ending]);
    if (flaws.length > 0) throw new Error(flaws.join('\n'));
    const steps = JSON.parse(await readFile(countInto, 'utf8')) as Record<FileKind, number>;
    const { passages } = stage.door;
    const writes = passages.filter(({ isWrite }) => isWrite).length;
    const actions = passages.filter(({ isAction }) => isAction).length;
    return { people, counts: { ...steps, actions, writes, all: passages.length }, ms };
  } finally {
    await stage.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function runScenario(
  program: Program,
  world: KillWorld,
  scenario: Scenario,
  { people }: Reference,
): Promise<Result> {
  const stage = await openKillStage(program, world);
  try {
    const endings: Ending[] = [];
    const flaws: string[] = [];
    let runs = 0;
    let left = -1;
    for (const [i, kill] of scenario.kills.entries()) {
      const ending = await runUntilKilled(stage, i === 0 ? 'apply' : scenario.goOn, kill, scenario.afterMs);
      endings.push(ending);
    }
    while (left !== 0 && runs < maxRuns) {
      const verb = runs === 0 ? scenario.goOn : 'apply';
      endings.push(await (await startNext(stage, verb, scenario.afterMs)).ended);
      runs++;
      await stage.door.quiet();
      left = (await stage.plan()).actions.length;
    }
    const killed = endings.filter(({ signal }) => signal === 'SIGKILL').length;
    const codes = endings.flatMap(({ code }) => code ?? []);
    if (left > 0) flaws.push(`${left} actions are left after ${runs} runs`);
    if (codes.length + killed < endings.length) flaws.push('a process did not end by itself');
    if (codes.some((code) => code !== 0)) flaws.push(`a process ended with ${codes.join(', ')}`);
    flaws.push(...(await flawsOf(stage, people, endings)));
    const said = flaws.length === 0 ? '' : endings.map(textOf).join('\n');
    return { scenario, kills: killed, runs, codes, flaws, said };
  } finally {
    await stage.close();
  }
}

/** How it ended, and its last words. */
const textOf = ({ code, signal, stdout, stderr }: Ending): string =>
  `--- ${code ?? signal ?? ''}\n${stdout.slice(-1500)}\n${stderr.slice(-1500)}`;

async function startNext(
  { start }: KillStage,
  verb: 'resume' | 'apply',
  afterMs: number,
  kill?: FileKill,
): Promise<Running> {
  return await start(['apply', '--yes', ...(verb === 'resume' ? ['--resume'] : [])], {
    afterMs,
    ...(kill !== undefined && { kill }),
  });
}

async function runUntilKilled(
  stage: KillStage,
  verb: 'resume' | 'apply',
  kill: Kill,
  afterMs: number,
): Promise<Ending> {
  const sinkKill = kill.at === 'sink program' ? join(stage.sunk, sinkKillFile(kill.when, kill.person)) : undefined;
  if (sinkKill !== undefined) await writeFile(sinkKill, '');
  const running = await startNext(stage, verb, afterMs, kill.at === 'file' ? kill : undefined);
  if (kill.at === 'request') {
    stage.door.at(kill, async () => {
      for (let i = 0; i < kill.turns; i++) await turn();
      await running.kill();
    });
  }
  if (kill.at === 'moment') await Promise.race([pause(kill.ms).then(() => running.kill()), running.ended]);
  const ending = await running.ended;
  stage.door.disarm();
  if (sinkKill !== undefined) await rm(sinkKill, { force: true });
  return ending;
}

/** Two at a time: one process works while another starts. */
export async function inLanes<Value>(values: Iterable<Value>, work: (value: Value) => Promise<void>): Promise<void> {
  const left = values[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await work(next.value);
  };
  await Promise.all([lane(), lane()]);
}

export function* seedsFrom(first: number, isGoingOn: () => boolean): Generator<number> {
  for (let seed = first; isGoingOn(); seed++) yield seed;
}
