/** A state directory that came from elsewhere is believed by its signatures alone: whatever an attacker edits there is left out. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../src/model/canonical-json.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { cutAfter, dieAfter, stateFiles } from '../apply/support/cut-journal.ts';
import { describeWrites, openStage, type Stage, writesOf } from '../apply/support/stage.ts';
import { isLong, share } from '../support/suite.ts';

const crew = ['p0', 'p1', 'p2'];
const inCi = { CI: 'true' };

/** Three people whose run died in the middle; and who was declared is remembered from a run before it. */
async function interrupted(): Promise<Stage> {
  const stage = await openStage({ users: crew.map((username) => ({ username })) });
  const entries = (nickname: string): readonly UserEntry[] => crew.map((username) => ({ username, nickname }));
  await stage.declare(entries('x'));
  await stage.apply();
  await stage.declare(entries('y'));
  await stage.apply();
  await dieAfter(stage, 'response', 2);
  return stage;
}

type Json = Readonly<Record<string, unknown>>;

const parse = (text: string): Json => JSON.parse(text) as Json;

/** Every hash of a journal made to fit; the attacker has no key. */
function rehashed(lines: readonly Json[]): string {
  let head = '0'.repeat(64);
  return lines
    .map((whole) => {
      const line = without(whole, 'hash');
      head = createHash('sha256')
        .update(`${head}\n${canonicalJson(line)}`)
        .digest('hex');
      return `${canonicalJson({ ...line, hash: head })}\n`;
    })
    .join('');
}

async function editJournal(path: string, edit: (lines: readonly Json[]) => readonly Json[]): Promise<void> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n').map(parse);
  await writeFile(path, rehashed(edit(lines)));
}

const without = (line: Json, name: string): Json =>
  Object.fromEntries(Object.entries(line).filter(([key]) => key !== name));

const journalEdits: Readonly<Record<string, (line: Json) => Json>> = {
  'another account': (line) => ({ ...line, account: 'a'.repeat(26) }),
  'another moment': (line) => ({ ...line, at: '2026-01-01T00:00:00.000Z' }),
  'another plan': (line) => ({ ...line, plan: `sha256:${'0'.repeat(64)}` }),
  'a mark to revoke': (line) => ({ ...line, mark: 'ci@1 muster:2026-06-15:aaaaaaaaaa' }),
  'no signature': (line) => without(line, 'mac'),
  'another signature': (line) => ({ ...line, mac: `00000000.${'0'.repeat(32)}` }),
};

/** Resume and undo refuse with a code, and write nothing; a plan is made all the same, and says what it left out. */
async function expectRefused(stage: Stage, code: unknown): Promise<void> {
  const ports = { ...stage.ports, env: { ...stage.ports.env, ...inCi } };
  const from = stage.sandbox.requests.length;
  await expect(stage.resume({ env: inCi })).rejects.toMatchObject({ code });
  await expect(stage.undo({ env: inCi })).rejects.toMatchObject({ code });
  expect(writesOf(stage.sandbox.requests.slice(from))).toEqual([]);
  Object.assign(stage.ports, { env: ports.env });
  stage.events.length = 0;
  await stage.plan();
  expect(stage.events.filter(({ type }) => type === 'warning')).not.toEqual([]);
}

const refusals = expect.toBeOneOf(['STATE_TAMPERED', 'STATE_NOT_SIGNED']) as unknown;

describe('in a directory that came from elsewhere', () => {
  test.each(share(Object.entries(journalEdits), 12))(
    'a journal with %s in any one line is not acted on',
    async (_, edit) => {
      const stage = await interrupted();
      const { journal } = await stateFiles(stage);
      const whole = await readFile(journal, 'utf8');
      const count = whole.trimEnd().split('\n').length;

      for (const nth of new Set([0, 1, count - 1])) {
        await writeFile(journal, whole);
        await editJournal(journal, (lines) => lines.with(nth, edit(lines[nth] ?? {})));
        await expectRefused(stage, refusals);
      }
    },
  );

  test.runIf(isLong)('a journal with a line taken out or put in is not acted on', async () => {
    const stage = await interrupted();
    const { journal } = await stateFiles(stage);
    const whole = await readFile(journal, 'utf8');

    await editJournal(journal, (lines) => lines.toSpliced(1, 1));
    await expectRefused(stage, 'STATE_TAMPERED');
    await writeFile(journal, whole);
    await editJournal(journal, (lines) => [...lines, ...lines.slice(-1)]);
    await expectRefused(stage, 'STATE_TAMPERED');
  });

  test.runIf(isLong)('another plan beside a journal is not acted on, whatever its digest', async () => {
    const stage = await interrupted();
    const { dir } = await stateFiles(stage);
    const name =
      (await readdir(dir))
        .filter((one) => one.endsWith('.plan.json'))
        .toSorted()
        .at(-1) ?? '';
    const { digest: _, ...plan } = parse((await readFile(join(dir, name), 'utf8')).replaceAll('"y"', '"evil"'));
    await writeFile(join(dir, name), `${canonicalJson({ ...plan, digest: digestOf(plan) })}\n`);

    await expectRefused(stage, 'STATE_TAMPERED');
  });

  test.runIf(isLong)('a memory of who was declared that was edited names no one, and a plan says so', async () => {
    const stage = await interrupted();
    const { dir } = await stateFiles(stage);
    const path = join(dir, 'declared.json');
    const whole = await readFile(path, 'utf8');
    await stage.declare([{ username: 'p0', nickname: 'x' }]);
    Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi } });
    expect((await stage.plan()).previously_declared).toHaveLength(2);

    for (const text of [whole.replace('"p1"', '"p9"'), whole.replace(/"mac":"[^"]*",/, '')]) {
      expect(text).not.toBe(whole);
      await writeFile(path, text);
      stage.events.length = 0;
      expect(await stage.plan()).not.toHaveProperty('previously_declared');
      expect(stage.events).toContainEqual(
        expect.objectContaining({ type: 'warning', text: expect.stringContaining('declared.json') as string }),
      );
    }
  });

  test('an apply plans again without what it cannot believe, and its own journal is believed', async () => {
    const stage = await interrupted();
    const { journal } = await stateFiles(stage);
    await editJournal(journal, (lines) => lines.map((line) => without(line, 'mac')));
    Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi } });
    await stage.declare(crew.map((username) => ({ username, nickname: 'z' })));
    // Whose journal is not believed may be at work elsewhere, until its lease ends.
    stage.clock.advance(10 * 60_000);

    const run = await stage.apply();

    expect(run.code).toBe(0);
    expect(await stage.resume()).toBeUndefined();
    expect((await stage.undo()).code).toBe(0);
  });

  test('a run is resumed and taken back where the token is the same', async () => {
    const stage = await interrupted();
    const { dir } = await stateFiles(stage);
    const elsewhere = join(stage.dir, 'elsewhere', 'muster');
    await cp(join(dir, '..'), elsewhere, { recursive: true });
    await rm(join(dir, '..'), { recursive: true });
    Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi, XDG_STATE_HOME: join(stage.dir, 'elsewhere') } });

    const resumed = await stage.resume();

    expect(resumed?.code).toBe(0);
    expect((await stage.undo()).code).toBe(0);
  });

  /** A person whose token was made and delivered by a run that finished. */
  async function delivered(): Promise<Stage> {
    const stage = await openStage({ users: [{ username: 'p0' }] });
    await stage.configure({ secrets: { dir: 'secrets' } });
    await stage.declare([{ username: 'p0', tokens: [{ name: 'ci' }] }]);
    await stage.apply({ env: inCi });
    Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi } });
    return stage;
  }

  const writesSince = (stage: Stage, from: number): readonly string[] =>
    describeWrites(stage, stage.sandbox.requests.slice(from)).filter((one) => !one.includes('preferences'));

  test.each(share(['started', 'intent', 'response', 'outcome'], 4, 1))(
    'a journal whose end was cut off after its %s is not acted on: a token of that run stays',
    async (type) => {
      const stage = await delivered();
      await cutAfter(stage, type, 1);

      const from = stage.sandbox.requests.length;
      await expectRefused(stage, 'STATE_END_MISSING');
      expect((await stage.apply()).code).toBe(0);

      expect(writesSince(stage, from)).toEqual([]);
    },
  );

  test.runIf(isLong)(
    'an older copy from when a run was open is not acted on once that run is resumed, or cleaned up after',
    async () => {
      for (const isResumed of [true, false]) {
        const stage = await interrupted();
        const { dir } = await stateFiles(stage);
        const copy = join(stage.dir, 'copy');
        await cp(dir, copy, { recursive: true });
        Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi } });
        await (isResumed ? stage.resume() : stage.apply());
        await rm(dir, { recursive: true });
        await cp(copy, dir, { recursive: true });

        await expectRefused(stage, 'STATE_END_MISSING');
      }
    },
  );

  test('a run that found nothing left to do when it was resumed leaves no note', async () => {
    const stage = await openStage({ users: [{ username: 'p0' }] });
    await stage.declare([{ username: 'p0', nickname: 'x' }]);
    await stage.apply();
    await dieAfter(stage, 'intent', 1);
    Object.assign(stage.ports, { env: { ...stage.ports.env, ...inCi } });

    expect((await stage.resume())?.code).toBe(0);

    await cutAfter(stage, 'intent', 1);
    await expectRefused(stage, 'STATE_END_MISSING');
  });
});

describe('in the state directory of the caller’s own', () => {
  test('a journal is believed whose signatures do not fit, and a notice says so', async () => {
    const stage = await interrupted();
    const { journal } = await stateFiles(stage);
    await editJournal(journal, (lines) => lines.map((line) => ({ ...line, mac: `00000000.${'0'.repeat(32)}` })));

    const resumed = await stage.resume();

    expect(resumed?.code).toBe(0);
    const warnings = stage.events.filter(({ type }) => type === 'warning');
    expect(warnings).toMatchObject([{ code: 'signature-differs', text: expect.stringContaining('another token') }]);
  });

  test('a journal of an older version is believed without a word', async () => {
    const stage = await interrupted();
    const { journal } = await stateFiles(stage);
    await editJournal(journal, (lines) => lines.map((line) => without(line, 'mac')));

    const resumed = await stage.resume();

    expect(resumed?.code).toBe(0);
    expect(stage.events.filter(({ type }) => type === 'warning')).toEqual([]);
  });
});
