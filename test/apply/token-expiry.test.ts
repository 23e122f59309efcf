/** Tokens that end by themselves: on servers that can, and on those that cannot. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { RequestRecord } from '../../src/sandbox/index.ts';
import {
  apiPath,
  mark,
  noon,
  openStage,
  outcomesOf,
  type Stage,
  type StageOptions,
  writesOf,
} from './support/stage.ts';

const hour = 3_600_000;
const day = 24 * hour;

type Options = Pick<StageOptions, 'version' | 'config'> & { readonly ends?: number };

/** Ada, who has the token `ci@1` where it is said when it ends. */
async function stageFor({ ends, ...options }: Options): Promise<Stage> {
  const tokens = ends === undefined ? [] : [{ description: mark('ci'), expires_at: ends }];
  return openStage({ ...options, users: [{ username: 'ada', tokens }] });
}

const declare = (stage: Stage, more: { readonly generation?: number; readonly expires_in?: string }): Promise<void> =>
  stage.declare([{ username: 'ada', tokens: [{ name: 'ci', ...more }] }]);

const live = ({ sandbox }: Stage): readonly string[] =>
  sandbox.control
    .tokens('ada')
    .map(
      ({ description, expires_at: at }) => `${description.split(' ')[0]} ${at === 0 ? 'for good' : (at - noon) / day}`,
    );

const bodiesOf = (requests: readonly RequestRecord[]): readonly unknown[] =>
  requests.filter((request) => apiPath(request).endsWith('/tokens')).map(({ body }) => body);

const said = ({ actions, held, notices }: Plan): readonly string[] => [
  ...actions.map(({ call }) => call.operation),
  ...held.map(({ code }) => `held ${code}`),
  ...notices.map(({ code }) => `notice ${code}`),
];

describe('a server that knows an expiry', () => {
  test('is told when a new token ends, counted from the call, and the next plan has no actions', async () => {
    const stage = await stageFor({ version: '11.9.0' });
    await declare(stage, { expires_in: '90d' });

    const run = await stage.apply({ meanwhile: () => stage.clock.advance(2 * hour) });
    const made = stage.sandbox.control.tokens('ada')[0]?.expires_at ?? 0;

    expect(run.plan.actions[0]?.call).toMatchObject({ operation: 'create-token', expires_in: 7_776_000 });
    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect(bodiesOf(run.requests)).toMatchObject([{ expires_at: made }]);
    expect(made).toBeGreaterThanOrEqual(noon + 2 * hour + 90 * day);
    expect(made).toBeLessThan(noon + 3 * hour + 90 * day);
    expect(said(await stage.plan())).toEqual([]);
  });

  test('is told nothing where nothing is declared', async () => {
    const stage = await stageFor({ version: '11.9.0' });
    await declare(stage, {});

    const run = await stage.apply();

    expect(run.plan.actions[0]?.call).not.toHaveProperty('expires_in');
    expect(Object.keys(Object(bodiesOf(run.requests)[0]))).toEqual(['description']);
    expect(live(stage)).toEqual(['ci@1 for good']);
  });

  test('is never asked for another expiry of a token that is there', async () => {
    const stage = await stageFor({ version: '11.9.0', ends: noon + 60 * day });
    await declare(stage, { expires_in: '90d' });

    const run = await stage.apply();

    expect(said(run.plan)).toEqual([]);
    expect(writesOf(run.requests)).toEqual([]);
  });

  test('loses an answer: what is made instead lives as long as was declared', async () => {
    const stage = await stageFor({ version: '11.9.0' });
    await declare(stage, { expires_in: '1h' });
    stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: /\/tokens$/ } });

    const run = await stage.apply();
    const [first, second] = bodiesOf(run.requests).map((body) => Number(Object(body).expires_at));

    expect(outcomesOf(run)).toEqual(['ada create-token: done']);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(35_000);
    expect(stage.sandbox.control.tokens('ada').map((token) => token.expires_at)).toEqual([second]);
  });

  test('shows a token that ends soon: a plan says so, and rotates when someone wants it', async () => {
    const stage = await stageFor({ version: '11.9.0', ends: noon + 3 * day });
    await declare(stage, { expires_in: '90d' });

    const before = await stage.apply();
    await declare(stage, { generation: 2, expires_in: '90d' });
    const rotation = await stage.apply();

    expect(said(before.plan)).toEqual(['notice token-expires-soon']);
    expect(before.plan.notices).toMatchObject([
      { person: 'ada', text: 'the token ci@1 expires on 2026-06-18', hint: 'raise generation to 2 to rotate it' },
    ]);
    expect(outcomesOf(rotation)).toEqual(['ada create-token: done', 'ada revoke-token: done']);
    expect(live(stage)).toEqual(['ci@2 90']);
    expect(said(await stage.plan())).toEqual([]);
  });

  test('shows a token that ends soon when the person is explained', async () => {
    const stage = await stageFor({ version: '11.9.0', ends: noon + 3 * day });
    await declare(stage, {});

    expect((await explain('ada', {}, stage.ports)).notices.map(({ code }) => code)).toEqual(['token-expires-soon']);
  });

  test('shows a token that has ended: it is there, until the server deletes it', async () => {
    const stage = await stageFor({ version: '11.9.0', ends: noon - 60_000 });
    await declare(stage, { expires_in: '7d' });

    const expired = await stage.apply();
    stage.clock.advance(hour);
    const gone = await stage.apply();

    expect(said(expired.plan)).toEqual(['notice token-expired']);
    expect(writesOf(expired.requests)).toEqual([]);
    expect(outcomesOf(gone)).toEqual(['ada create-token: done']);
    expect(said(await stage.plan())).toEqual(['notice token-expires-soon']);
  });
});

const heldBy = async (options: Options, expires_in?: string): Promise<readonly (readonly string[])[]> => {
  const stage = await stageFor(options);
  await declare(stage, expires_in === undefined ? {} : { expires_in });

  const run = await stage.apply();

  expect(run.code).toBe(0);
  expect(writesOf(stage.sandbox.requests).filter((request) => apiPath(request).includes('token'))).toEqual([]);
  return [said(run.plan), said(await stage.plan())];
};

describe('a token that the server would refuse or let live for good is held, in every plan', () => {
  const strict = { version: '11.9.0', config: { 'ServiceSettings.MaximumPersonalAccessTokenLifetimeDays': 30 } };

  test.each<[title: string, options: Options, life: string | undefined, code: string]>([
    ['on a server before the feature', { version: '11.2.0' }, '90d', 'token-expiry-not-there'],
    ['where each must expire', strict, undefined, 'token-expiry-required'],
    ['where none may live that long', strict, '31d', 'token-expiry-too-far'],
  ])('%s', async (_, options, life, code) => {
    expect(await heldBy(options, life)).toEqual([[`held ${code}`], [`held ${code}`]]);
  });

  test('and is made where it keeps to the rule', async () => {
    const stage = await stageFor(strict);
    await declare(stage, { expires_in: '29d' });

    expect(outcomesOf(await stage.apply())).toEqual(['ada create-token: done']);
  });

  test('with the version in words', async () => {
    const stage = await stageFor({ version: '11.2.0' });
    await declare(stage, { expires_in: '90d' });

    expect((await stage.plan()).held).toMatchObject([
      {
        owner: 'the server',
        reason: 'expires_in of ci needs Mattermost 11.9 or later; this server is 11.2.0',
        hint: 'take expires_in out of ci, or update the server',
      },
    ]);
  });
});
