/** People who exchange their usernames, also when a run ends in the middle. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const names = ['ada', 'bob', 'cy', 'dan'];

/** Everybody takes the name of the next one, the last one that of the first. */
function rotation(people: readonly string[]): string {
  const entries = people.map((name, i) => {
    const next = people[(i + 1) % people.length] ?? '';
    return `  - { username: ${next}, previous_usernames: [${name}], email: ${name}@example.com, position: once ${name} }\n`;
  });
  return `version: 1\nusers:\n${entries.join('')}`;
}

async function stage(
  people: readonly string[],
): Promise<{ sandbox: Sandbox; place: Workplace; ids: ReadonlyMap<string, string> }> {
  const sandbox = await startSandbox({ seed: { users: people.map((username) => ({ username })) } });
  const place = await makeWorkplace(
    {
      'users.yaml': rotation(people),
      'muster.yaml': 'files: [users.yaml]\npolicy: { budgets: { rename: { floor: 10 } } }\n',
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  return { sandbox, place, ids: new Map(people.map((name) => [name, sandbox.control.user(name)?.id ?? ''])) };
}

async function plan(place: Workplace): Promise<Plan> {
  const { stdout, stderr, code } = await place.muster(['plan', '--format', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Plan;
}

function expectRotated(sandbox: Sandbox, people: readonly string[], ids: ReadonlyMap<string, string>): void {
  for (const [i, name] of people.entries()) {
    const account = sandbox.control.user(ids.get(name) ?? '');
    expect(account).toMatchObject({
      username: people[(i + 1) % people.length],
      email: `${name}@example.com`,
      position: `once ${name}`,
    });
  }
}

describe('an exchange of usernames', () => {
  test.each([2, 3, 4])('among %i people ends with the same accounts, and is not done again', async (number) => {
    const people = names.slice(0, number);
    const { sandbox, place, ids } = await stage(people);

    const before = await plan(place);
    const applied = await place.muster(['apply', '--yes']);
    const after = await plan(place);
    await sandbox.close();

    expect(before.actions).toHaveLength(number + 1);
    expect(applied.code, applied.stdout).toBe(0);
    expectRotated(sandbox, people, ids);
    expect(after.actions).toEqual([]);
  });

  test.each([1, 2, 3])('that ends after %i of its calls is healed by the next run', async (calls) => {
    const people = names.slice(0, 3);
    const { sandbox, place, ids } = await stage(people);
    // From the given call on every write is refused, as if the process had died there.
    sandbox.faults.add({
      kind: 'error',
      status: 400,
      body: 'json',
      match: { method: 'PUT', path: /\/patch$/, nth: [1, 2, 3, 4].map((n) => n + calls) },
      times: 4,
    });

    const broken = await place.muster(['apply', '--yes']);
    sandbox.faults.clear();
    const healed = await place.muster(['apply', '--yes']);
    const after = await plan(place);
    await sandbox.close();

    expect(broken.code).toBe(6);
    expect(healed.code, healed.stdout + healed.stderr).toBe(0);
    expectRotated(sandbox, people, ids);
    expect(after.actions).toEqual([]);
  });
});
