/** What a program gets from the package: these names and no others, and errors of muster alone. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planAndApply } from '../../examples/library/plan-and-apply.ts';
import * as library from '../../src/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: [{ username: 'ada', email: 'ada@example.com' }] } });
});

afterAll(async () => {
  await sandbox.close();
});

const usersFile = 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n';

test('the library exports these values', () => {
  const errors = Object.keys(library).filter((name) => name.endsWith('Error'));
  const others = Object.keys(library).filter((name) => !name.endsWith('Error'));

  expect(others.toSorted()).toEqual([
    'MattermostClient',
    'Secret',
    'apply',
    'applyPlan',
    'applyPlanFile',
    'audit',
    'auditText',
    'coloured',
    'createClient',
    'defaultPorts',
    'doctor',
    'errorText',
    'explain',
    'explanationText',
    'importUsers',
    'loadDesiredState',
    'loadSettings',
    'makePlan',
    'operations',
    'plain',
    'plan',
    'planAnnotations',
    'planDiff',
    'planMarkdown',
    'planOfUndo',
    'planText',
    'readLiveState',
    'readPlanFile',
    'redactPlan',
    'resolveProxy',
    'resume',
    'supports',
    'systemClock',
    'tellRuns',
    'undo',
    'validate',
    'verifyJournals',
    'writePlanFile',
  ]);
  expect(errors.length).toBeGreaterThan(20);
});

test('the example plans and applies in under 30 lines', async () => {
  const place = await makeWorkplace({ 'users.yaml': usersFile });
  const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: place.dir };
  const told: string[] = [];
  const example = await readFile('examples/library/plan-and-apply.ts', 'utf8');

  const done = await planAndApply((text) => told.push(text), { workingDir: place.dir, env });
  const doneNext = await planAndApply((text) => told.push(text), { workingDir: place.dir, env });

  expect([done, doneNext]).toEqual([1, 0]);
  expect(told[0]).toContain('Countess');
  expect(told[1]).toContain('No actions');
  expect(example.split('\n').length).toBeLessThan(30);
});

test('the steps make the same plan as the use case', async () => {
  const place = await makeWorkplace({ 'users.yaml': usersFile.replace('Countess', 'Enchantress') });
  const env = { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken, XDG_STATE_HOME: place.dir };
  const ports = library.defaultPorts({ workingDir: place.dir, env });
  const client = new library.MattermostClient({ url: sandbox.url, token: new library.Secret(sandbox.adminToken) });

  const { policy, secrets } = await library.loadSettings({}, ports);
  const momentMs = ports.clock.now();
  const desired = await library.loadDesiredState({ files: ['users.yaml'], base: place.dir, policy, secrets, momentMs });
  const step = library.makePlan({ desired, ...(await library.readLiveState(client.readOnly(), desired)) });
  const whole = await library.plan({ files: ['users.yaml'] }, ports);
  await client.close();

  expect(step.plan.actions).toEqual(whole.plan.actions);
  expect(step.plan.actions).toHaveLength(1);
});

const useCases = [
  'apply',
  'applyPlanFile',
  'audit',
  'doctor',
  'explain',
  'importUsers',
  'loadSettings',
  'plan',
  'planOfUndo',
  'resume',
  'tellRuns',
  'undo',
  'validate',
  'verifyJournals',
] as const;

describe('a program that gives something else than the types say gets an error of muster:', () => {
  test.each<[string, () => unknown]>([
    ['a client without a URL', () => Reflect.construct(library.MattermostClient, [{}])],
    ...useCases.flatMap((name): ReadonlyArray<[string, () => unknown]> => {
      const named = name === 'explain' ? ['ada'] : [];
      const given = {
        file: 'plan.json',
        users: ['ada'],
        user: 'ada',
        run: 'last',
        dir: '/nowhere',
        stateDir: '/nowhere',
      };
      return [
        [`${name} without ports`, () => Reflect.apply(Reflect.get(library, name), undefined, [...named, given])],
        [`${name} with empty ports`, () => Reflect.apply(Reflect.get(library, name), undefined, [...named, given, {}])],
      ];
    }),
    ['a working folder that is relative', () => library.validate({}, library.defaultPorts({ workingDir: '.' }))],
    ['a person of another desired state', () => locateForeign()],
  ])('%s', async (_what, call) => {
    const error: unknown = await new Promise((resolve) => {
      resolve(call());
    }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(library.MusterError);
  });
});

async function locateForeign(): Promise<unknown> {
  const place = await makeWorkplace({ 'users.yaml': usersFile });
  const ports = library.defaultPorts({ workingDir: place.dir, env: {} });
  const [one, other] = [await library.validate({}, ports), await library.validate({}, ports)];
  return other.users.map((user) => one.locate(user));
}

test('an import as JSON gives people, not a text', async () => {
  const place = await makeWorkplace({}, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });

  const { stdout } = await place.muster(['import', '--format', 'json']);

  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    users: [{ username: 'ada', email: 'ada@example.com', roles: ['system_user'] }, { active: true }],
  });
});
