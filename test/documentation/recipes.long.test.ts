/** Every users file of docs/recipes.md applies to a server where its people are as the recipe finds them. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type SandboxSeed, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace } from '../support/run-muster.ts';
import { fences } from './fences.ts';

useFastTime();

type Person = NonNullable<SandboxSeed['users']>[number];

const person = (username: string, more: Partial<Person> = {}): Person => ({
  username,
  email: `${username}@example.com`,
  ...more,
});
const marked = { tokens: [{ description: 'ci@1 muster:2026-03-02:k3v9x2m7qa' }] };

/** By the heading: who is there before, as of which day, and the classes of changes that the recipe makes. */
const recipes: Readonly<
  Record<
    string,
    readonly { readonly there: readonly Person[]; readonly at?: string; readonly makes: readonly string[] }[]
  >
> = {
  'Onboard a person': [{ there: [], at: '2027-02-01T00:00:00Z', makes: ['create'] }],
  'Offboard a person': [
    { there: [person('linus', marked)], makes: ['deactivate', 'token-disable'] },
    { there: [person('linus', marked)], at: '2027-04-01T00:00:00Z', makes: ['deactivate', 'token-disable'] },
  ],
  'Move a person to single sign-on': [{ there: [person('grace')], makes: ['auth'] }],
  'Rename a person': [{ there: [person('maria.mueller')], makes: ['email', 'rename'] }],
  'Give an administrative role': [{ there: [person('grace')], makes: ['admin-gain'] }],
  'Give a machine a token': [{ there: [], makes: ['create', 'token-create'] }],
  'Rotate a token': [{ there: [person('deploy', marked)], makes: ['token-create'] }],
};

const page = fences.filter(({ path, marks }) => path === 'docs/recipes.md' && marks['as'] === 'users.yaml');

test('there is no recipe that no test carries out', () => {
  expect(page.map(({ heading }) => heading)).toEqual(
    Object.entries(recipes).flatMap(([heading, cases]) => cases.map(() => heading)),
  );
});

describe.each(Object.keys(recipes))('the recipe "%s"', (heading) => {
  const cases = (recipes[heading] ?? []).map((one, i) => ({
    ...one,
    file: page.filter((f) => f.heading === heading)[i],
  }));

  test.each(cases)('makes changes of $makes, after which a plan has no actions', async ({ there, at, makes, file }) => {
    const sandbox = await startSandbox({
      licence: 'enterprise',
      config: { 'ServiceSettings.EnableUserAccessTokens': true, 'SamlSettings.Enable': true },
      seed: { users: [...there, person('root', { roles: ['system_user', 'system_admin'] })] },
    });
    const place = await makeWorkplace(
      {
        'users.yaml': `version: 1\n${file?.text ?? ''}`,
        'muster.yaml': 'version: 1\nsecrets: { sinks: { vault: { command: [cat] } } }\n',
      },
      { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, PATH: process.env['PATH'] },
    );
    const flags = at === undefined ? [] : ['--at', at];
    const plan = async (): Promise<Plan> =>
      JSON.parse((await place.muster(['plan', '--format', 'json', ...flags])).stdout) as Plan;

    const before = await plan();
    const { code, stderr } = await place.muster(['apply', '--yes', ...flags]);
    const after = await plan();
    await sandbox.close();

    expect(Object.keys(before.summary.changes).toSorted()).toEqual(makes);
    expect(code, stderr).toBe(0);
    expect(after.summary).toMatchObject({ actions: 0, held: 0, blocked: 0 });
  });
});
