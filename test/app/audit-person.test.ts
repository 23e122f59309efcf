import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { access } from '../../src/app/access.ts';
import { auditPerson, type PersonAuditOptions } from '../../src/app/audit-person.ts';
import { openReview } from '../../src/app/review-open.ts';
import type { AccessLoss, ChainReport, PersonChain } from '../../src/model/generated/chain-report.ts';
import type { UserEntry } from '../../src/model/generated/users-file.ts';
import { noon, openStage, type Stage } from '../apply/support/stage.ts';
import { commitAll } from '../support/git-repository.ts';
import { isLong, share } from '../support/suite.ts';

const hourMs = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

async function drill(): Promise<Stage> {
  const stage = await openStage({
    users: [{ username: 'gone', tokens: [{ description: 'of the person' }] }, { username: 'stays' }],
  });
  await mkdir(join(stage.dir, 'state'));
  await writeFile(join(stage.dir, 'state', '.gitignore'), '*\n');
  return stage;
}

/** Declares it, and commits that as of the stage's clock. */
async function commit(stage: Stage, message: string, entries: readonly UserEntry[]): Promise<string> {
  await stage.declare(entries);
  return commitAll(stage.dir, message);
}

async function chainOf(
  stage: Stage,
  about: ChainReport['about'],
  user: string,
  more: Partial<PersonAuditOptions> = {},
): Promise<PersonChain & { readonly late: number }> {
  const { people, late } = await auditPerson({ about, user, ...more }, stage.ports);
  const [chain] = people;
  if (chain === undefined) throw new Error('no chain');
  return { ...chain, late };
}

const stepsOf = ({ steps }: PersonChain): readonly string[] => steps.map(({ step, state }) => `${step} ${state}`);

describe('the offboarding of a person', () => {
  const endsMs = noon + 24 * hourMs;
  const ends = iso(endsMs).replace('.000Z', 'Z');
  const leaving = [{ username: 'gone', ends }, { username: 'stays' }];

  test.runIf(isLong)('is proven step by step, day by day', async () => {
    const stage = await drill();
    const hash = await commit(stage, 'Gone leaves tomorrow', leaving);
    await stage.apply();

    expect((await chainOf(stage, 'offboarding', 'gone')).loss).toMatchObject({
      verdict: 'not-due',
      ended: iso(endsMs),
    });

    stage.clock.advance(25 * hourMs);
    const open = await chainOf(stage, 'offboarding', 'gone');
    expect(open).toMatchObject({
      late: 0,
      loss: { verdict: 'open', text: 'the account is active, 1 hour after access ended' },
    });
    expect(stepsOf(open)).toEqual([
      'declared proven',
      'approved unknown',
      'planned unknown',
      'applied unknown',
      'read-back unknown',
      'server unknown',
    ]);

    const appliedMs = stage.clock.now();
    await stage.apply();
    stage.clock.advance(hourMs);
    const done = await chainOf(stage, 'offboarding', 'GONE');
    expect(stepsOf(done)).toEqual([
      'declared proven',
      'approved unknown',
      'planned proven',
      'applied proven',
      'applied proven',
      'read-back proven',
      'server proven',
    ]);
    expect(done.steps[0]).toMatchObject({
      text: 'Gone leaves tomorrow',
      commit: hash,
      file: 'users.yaml',
      by: 'test',
      signature: 'unsigned',
    });
    expect(done.steps.filter(({ step }) => step === 'applied')).toMatchObject([
      { text: expect.stringMatching(/^took token:/), by: 'sandbox-admin', commit: hash },
      { text: 'took account', by: 'sandbox-admin', commit: hash },
    ]);
    expect(Date.parse(done.steps.at(-1)?.at ?? '')).toBeGreaterThanOrEqual(appliedMs);
    expect(done).toMatchObject({ late: 0, loss: { verdict: 'in-time', ended_by: 'ends' } });
  });

  const removals = [
    [25, 'late'],
    [24, 'in-time'],
    [23, 'in-time'],
  ] as const;

  test.each(share(removals, 3))('whose removal came %i hours after access ended is %s', async (hours, verdict) => {
    const stage = await drill();
    await commit(stage, 'Gone leaves tomorrow', leaving);
    // A run takes some time of its own.
    stage.clock.advance((24 + hours) * hourMs - (hours === 24 ? 60_000 : 0));
    await stage.apply();

    const chain = await chainOf(stage, 'offboarding', 'gone');

    expect(chain.loss?.verdict).toBe(verdict);
    expect(chain.late).toBe(verdict === 'late' ? 1 : 0);
  });

  test('is late as soon as the hours are over, also where nothing was done', async () => {
    const stage = await drill();
    await commit(stage, 'Gone leaves tomorrow', leaving);
    stage.clock.advance(49 * hourMs);

    const chain = await chainOf(stage, 'offboarding', 'gone');

    expect(chain).toMatchObject({
      late: 1,
      loss: { verdict: 'late', text: 'the account is active, 25 hours after access ended' },
    });
  });

  test.runIf(isLong)(
    'counts from --left-on where that is given, and is unknown where nothing says when access ended',
    async () => {
      const stage = await drill();
      await commit(stage, 'Gone is gone', [{ username: 'gone', active: false }, { username: 'stays' }]);
      await stage.apply();
      stage.clock.advance(hourMs);

      const verdictOf = async (leftOn?: string): Promise<AccessLoss | undefined> =>
        (await chainOf(stage, 'offboarding', 'gone', leftOn === undefined ? {} : { leftOn })).loss;

      expect(await verdictOf()).toMatchObject({ verdict: 'unknown', text: expect.stringContaining('--left-on') });
      // That day ends at midnight, 12 hours before.
      expect(await verdictOf('2026-06-14')).toMatchObject({ verdict: 'in-time', ended: '2026-06-15T00:00:00.000Z' });
      expect(await verdictOf('2026-06-13')).toMatchObject({ verdict: 'late' });
      await expect(verdictOf('2026-02-30')).rejects.toMatchObject({ problems: [{ code: 'left-on' }] });
    },
  );

  test.runIf(isLong)('that was done by hand names no run, and is not over while a token is enabled', async () => {
    const stage = await drill();
    await commit(stage, 'Gone leaves tomorrow', leaving);
    stage.clock.advance(25 * hourMs);
    const { id } = stage.user('gone');
    await fetch(`${stage.sandbox.url}/api/v4/users/${id}/active`, {
      method: 'PUT',
      body: '{"active":false}',
      headers: { authorization: `Bearer ${stage.sandbox.adminToken}` },
    });
    stage.clock.advance(hourMs);

    const chain = await chainOf(stage, 'offboarding', 'gone');

    expect(stepsOf(chain)).toContain('applied unknown');
    expect(stepsOf(chain)).toContain('server proven');
    expect(chain.loss).toMatchObject({
      verdict: 'open',
      text: expect.stringMatching(/^still there: token [a-z0-9]{26}, 2 hours/),
    });
    for (const token of stage.sandbox.control.tokens('gone')) stage.sandbox.control.removeToken(token.id);
    expect((await chainOf(stage, 'offboarding', 'gone')).loss).toMatchObject({ verdict: 'in-time' });
  });

  test.runIf(isLong)('cannot be told in time or late where the account was deactivated again', async () => {
    const stage = await drill();
    await commit(stage, 'Gone leaves tomorrow', leaving);
    stage.clock.advance(25 * hourMs);
    await stage.apply();
    stage.clock.advance(48 * hourMs);
    stage.sandbox.control.updateUser('gone', { delete_at: stage.clock.now(), update_at: stage.clock.now() });

    expect((await chainOf(stage, 'offboarding', 'gone')).loss).toMatchObject({
      verdict: 'unknown',
      text: expect.stringContaining('before or after the limit'),
    });
  });
});

test('the onboarding of a person names the commit, the run and the server’s own date', async () => {
  const stage = await drill();
  const people = [{ username: 'gone' }, { username: 'stays' }];
  await commit(stage, 'Begin', people);
  stage.clock.advance(hourMs);
  const hash = await commit(stage, 'Ada joins', [
    ...people,
    { username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_admin'] },
  ]);
  await stage.apply();

  const chain = await chainOf(stage, 'onboarding', 'ada');

  expect(stepsOf(chain).filter((step) => step.endsWith('unknown'))).toEqual(['approved unknown']);
  expect(chain.steps[0]).toMatchObject({ step: 'declared', text: 'Ada joins', commit: hash });
  expect(chain.steps.map(({ text }) => text)).toEqual(
    expect.arrayContaining(['gave account', 'gave role:system_admin', 'the server made the account']),
  );
  expect(chain).not.toHaveProperty('loss');
});

test.runIf(isLong)('a sample states its population, and the same seed draws the same people', async () => {
  const stage = await openStage({ users: Array.from({ length: 12 }, (_, i) => ({ username: `user-${i}` })) });
  await stage.declare([{ username: 'user-0' }]);
  const draw = async (seed: string): Promise<readonly [ChainReport['sample'], readonly string[]]> => {
    const { sample, people } = await auditPerson({ about: 'onboarding', sample: { size: 2, seed } }, stage.ports);
    return [sample, people.map(({ person }) => person)];
  };

  const [sample, drawn] = await draw('7');

  expect(sample).toMatchObject({ population: 13, drawn: 2, seed: '7', how: expect.stringContaining('SHA-256') });
  expect((await draw('7'))[1]).toEqual(drawn);
  expect((await draw('8'))[1]).not.toEqual(drawn);
});

describe('who declared a person', () => {
  // Everyone stands on one line of the file, which each commit brings anew.
  const others = [{ username: 'gone' }, { username: 'stays' }];
  const ada = { username: 'ada', email: 'ada@example.com' };

  test('is the commit that brought the entry, also where another one edited its line later, or moved it to another file', async () => {
    const stage = await drill();
    await commit(stage, 'Begin', others);
    const hash = await commit(stage, 'Ada joins', [...others, ada]);
    await stage.apply();
    await commit(stage, 'Ada has a position', [...others, { ...ada, position: 'Engineer' }]);
    const declaredBy = async (): Promise<unknown> => (await chainOf(stage, 'onboarding', 'ada')).steps[0];

    expect(await declaredBy()).toMatchObject({ step: 'declared', state: 'proven', text: 'Ada joins', commit: hash });

    await stage.configure({ files: ['users.yaml', 'engineers.yaml'] });
    await writeFile(
      join(stage.dir, 'engineers.yaml'),
      JSON.stringify({ version: 1, users: [{ ...ada, position: 'Manager' }] }),
    );
    await commit(stage, 'Split the file', others);

    expect(await declaredBy()).toMatchObject({
      state: 'proven',
      text: 'Ada joins',
      commit: hash,
      file: 'engineers.yaml',
    });
  });

  test('is no commit of another person who had the name before', async () => {
    const stage = await drill();
    const other = stage.sandbox.control.createUser({ username: 'ada2' });
    await commit(stage, 'An Ada of before', [...others, { ...ada, id: other }]);
    const hash = await commit(stage, 'Ada joins', [...others, ada]);
    stage.sandbox.control.createUser(ada);

    expect((await chainOf(stage, 'onboarding', 'ada')).steps[0]).toMatchObject({ state: 'proven', commit: hash });
  });

  test('inactive is the commit that said so, and not a later edit of the line', async () => {
    const stage = await drill();
    await commit(stage, 'Begin', others);
    const hash = await commit(stage, 'Gone is gone', [{ username: 'gone', active: false }, { username: 'stays' }]);
    await stage.apply();
    await commit(stage, 'Tell a name', [{ username: 'gone', first_name: 'Gus', active: false }, { username: 'stays' }]);

    expect((await chainOf(stage, 'offboarding', 'gone')).steps[0]).toMatchObject({
      text: 'Gone is gone',
      commit: hash,
    });
  });

  test('is not known where an older file cannot be used', async () => {
    const stage = await drill();
    await writeFile(join(stage.dir, 'users.yaml'), 'version: 1\nusers: [');
    commitAll(stage.dir, 'Broken');
    await commit(stage, 'Mend it', others);

    expect((await chainOf(stage, 'onboarding', 'gone')).steps[0]).toMatchObject({
      step: 'declared',
      state: 'unknown',
      text: expect.stringContaining('users.yaml cannot be used as it was before the commit'),
    });
  });
});

test('the offboarding of a person who came back shows the leave, the return, and when access was lost', async () => {
  const stage = await drill();
  const others = { username: 'stays' };
  await commit(stage, 'Gone leaves', [{ username: 'gone', active: false }, others]);
  await stage.apply();
  stage.clock.advance(48 * hourMs);
  await commit(stage, 'Gone is back', [{ username: 'gone', active: true }, others]);
  await stage.apply();
  stage.clock.advance(hourMs);

  const chain = await chainOf(stage, 'offboarding', 'gone', { leftOn: iso(noon - hourMs) });

  expect(chain.steps.filter(({ step }) => step === 'applied').map(({ text }) => text)).toEqual([
    expect.stringMatching(/^took token:/),
    'took account',
    'gave account',
  ]);
  expect(chain.loss).toMatchObject({
    verdict: 'late',
    text: expect.stringMatching(
      /^the account is active, \d+ hours after access ended; a run took it .*, 1 hour after it ended, and one gave it back /,
    ),
  });
  expect(stepsOf(await chainOf(stage, 'offboarding', 'gone'))).toContain('applied proven');
  // Access that ended after the return is another leave, which no run has carried out.
  const later = await chainOf(stage, 'offboarding', 'gone', { leftOn: iso(stage.clock.now()) });
  expect(stepsOf(later)).toContain('applied unknown');
});

test('the onboarding of a person shows roles that later runs gave, and which run took one', async () => {
  const stage = await drill();
  const entriesWith = (roles: readonly string[]): readonly UserEntry[] => [
    { username: 'gone' },
    { username: 'stays' },
    { username: 'ada', email: 'ada@example.com', roles: [...roles] },
  ];
  for (const roles of [['system_user'], ['system_user', 'system_admin'], ['system_user']]) {
    await commit(stage, roles.join(), entriesWith(roles));
    await stage.apply();
    stage.clock.advance(hourMs);
  }

  const applied = (await chainOf(stage, 'onboarding', 'ada')).steps.filter(({ step }) => step === 'applied');

  expect(applied.map(({ text }) => text)).toEqual(['gave account', 'gave role:system_admin; run 3 took it']);
});

test('a journal that is missing among the others is told, and the oldest may be put away', async () => {
  const stage = await drill();
  for (const position of ['one', 'two', 'three']) {
    await commit(stage, position, [{ username: 'gone', position }, { username: 'stays' }]);
    await stage.apply();
    stage.clock.advance(hourMs);
  }
  const home = join(stage.dir, 'state', 'muster');
  const folder = join(home, (await readdir(home)).find((name) => name !== '.gitignore') ?? '');
  const remove = async (run: string): Promise<void> => {
    for (const name of await readdir(folder)) if (name.startsWith(`run-${run}`)) await rm(join(folder, name));
  };
  const asked = [
    () => chainOf(stage, 'offboarding', 'gone'),
    () => access({ moment: iso(stage.clock.now()) }, stage.ports),
    () => openReview({ name: 'q2', print: { file: JSON.stringify, manifest: JSON.stringify } }, stage.ports),
  ];

  await remove('000002');

  for (const ask of asked)
    await expect(ask()).rejects.toMatchObject({
      code: 'JOURNAL_TAMPERED',
      message: expect.stringContaining('follows the run 000002'),
    });
  const whyUnknown = async (): Promise<unknown> =>
    (await chainOf(stage, 'offboarding', 'gone')).steps.find(({ step }) => step === 'applied');
  await remove('000001');
  expect(await whyUnknown()).toMatchObject({ text: 'no run that is recorded here did it; the oldest here is run 3' });
  await remove('000003');
  expect(await whyUnknown()).toMatchObject({ state: 'unknown', text: 'no run is recorded here' });
});
