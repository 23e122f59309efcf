/** After each thing that may happen, a warm read makes the plan of a full one: against the sandbox or a running server. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';
import { openTarget, type Target, useFastTimeOnSandbox } from './target.ts';

useFastTimeOnSandbox();

let target: Target;
let place: Workplace;

beforeAll(async () => {
  target = await openTarget();
  const entryOf = (name: string, more: object = {}): object => ({
    username: target.prefix + name,
    email: `${target.prefix}${name}@example.com`,
    ...more,
  });
  place = await makeWorkplace(
    {
      // Other people use a running server, too: whom they make meanwhile is no matter of this suite.
      'muster.yaml': JSON.stringify({ version: 1, policy: { budgets: openBudgets, undeclared_users: 'ignore' } }),
      'users.yaml': JSON.stringify({
        version: 1,
        users: [
          entryOf('ada', { nickname: 'Countess', roles: ['system_user'], auth: { service: 'email' } }),
          entryOf('bob', { active: true, previous_usernames: [`${target.prefix}old`] }),
          entryOf('cy', { notify_props: { desktop: 'all' } }),
          entryOf('dan', { nickname: 'D' }),
          entryOf('eve', { nickname: 'E' }),
        ],
      }),
    },
    { MUSTER_SERVER: target.url, MUSTER_TOKEN: target.token },
  );
});

afterAll(async () => {
  await target.close();
});

interface Read {
  readonly plan: Plan;
  readonly how: string;
}

async function read(...more: readonly string[]): Promise<Read> {
  const state = ['--state-dir', join(place.dir, 'runs')];
  const { stdout, stderr } = await place.muster(['plan', '--format', 'json', '--verbose', ...state, ...more]);
  return { plan: JSON.parse(stdout) as Plan, how: /^(warm|full) read.*$/m.exec(stderr)?.[0] ?? '' };
}

const sayings = ({ actions, blocked, held, scheduled, notices, unusable }: Plan): object => ({
  actions,
  blocked,
  held,
  scheduled,
  notices,
  unusable,
});

const id = async (name: string): Promise<string> => (await target.client.users.getByUsername(target.prefix + name)).id;

async function post(path: string, body: object = {}): Promise<{ readonly user_id?: string }> {
  const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' };
  const response = await fetch(`${target.url}/api/v4${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as { readonly user_id?: string };
}

test('a warm read makes the plan of a full one', { timeout: 600_000 }, async () => {
  const { client, prefix } = target;
  const applied = await place.muster(['apply', '--yes', '--state-dir', join(place.dir, 'runs')]);
  expect(applied.code, applied.stderr).toBe(0);
  const steps: ReadonlyArray<readonly [what: string, happen: () => unknown]> = [
    ['nothing', () => undefined],
    ['a nickname', async () => client.users.patch(await id('ada'), { nickname: 'other' })],
    ['settings', async () => client.users.patch(await id('cy'), { notify_props: { desktop: 'none' } })],
    ['a role', async () => client.users.setRoles(await id('ada'), ['system_user', 'system_post_all'])],
    ['someone leaves', async () => client.users.setActive(await id('bob'), false)],
    ['a rename', async () => client.users.patch(await id('bob'), { username: `${prefix}old` })],
    ['someone else takes the name', () => post('/users', someone('thief', `${prefix}bob`))],
    ['a new person', () => post('/users', someone('new', `${prefix}new`))],
    ['a token', async () => client.tokens.create(await id('ada'), { description: 'by hand' })],
    ['a bot', () => post('/bots', { username: `${prefix}bot`, display_name: 'bot' })],
    [
      'a person becomes a bot',
      async () => {
        const eve = await id('eve');
        await post(`/users/${eve}/convert_to_bot`);
        // It owns itself then, and a server of 11.2 never comes to an end of deactivating such a bot.
        await post(`/bots/${eve}/assign/${(await client.users.me()).id}`);
      },
    ],
    [
      'sign-in by a service',
      async () => client.users.setAuth(await id('dan'), { service: 'gitlab', data: `${prefix}d` }),
    ],
    [
      'sign-in by a service of someone whose entry says e-mail',
      async () => client.users.setAuth(await id('ada'), { service: 'gitlab', data: `${prefix}a` }),
    ],
  ];
  const seen: string[] = [];
  await read('--warm');
  for (const [what, happen] of steps) {
    await happen();
    const [warm, whole] = [await read('--warm'), await read()];
    expect(sayings(warm.plan), what).toEqual(sayings(whole.plan));
    seen.push(`${what}: ${warm.how}`);
  }

  // On a running server others may do what makes a full read.
  const warm = seen.filter((how) => /: warm read/.test(how));
  if (target.isSandbox) expect(warm, seen.join('\n')).toHaveLength(steps.length);
  else expect(warm.length, seen.join('\n')).toBeGreaterThan(0);
  // oxlint-disable-next-line no-console -- what was seen on a running server is reported
  if (!target.isSandbox) console.log(seen.join('\n'));
});

test('a plan that found nothing to do stands until something has changed', { timeout: 600_000 }, async () => {
  const { client, prefix } = target;
  const state = ['--state-dir', join(place.dir, 'runs')];
  const entryOf = (name: string, more: object): object => ({
    username: `${prefix}${name}`,
    email: `${prefix}${name}@example.com`,
    auth: { service: 'email' },
    ...more,
  });
  const users = [entryOf('fay', { nickname: 'F', roles: ['system_user'] }), entryOf('gus', { active: true })];
  await place.write({ 'users.yaml': JSON.stringify({ version: 1, users }) });
  const apply = async (): Promise<void> => {
    const { code, stderr } = await place.muster(['apply', '--yes', ...state]);
    expect(code, stderr).toBe(0);
  };
  await apply();
  const steps: ReadonlyArray<readonly [what: string, happen: () => unknown, stands: boolean]> = [
    ['nothing', () => undefined, true],
    ['the time of a change alone', async () => client.users.patch(await id('fay'), { nickname: 'F' }), true],
    ['a field that no entry names', async () => client.users.patch(await id('gus'), { position: 'x' }), true],
    ['a nickname', async () => client.users.patch(await id('fay'), { nickname: 'drift' }), false],
    ['a role', async () => client.users.setRoles(await id('gus'), ['system_user', 'system_post_all']), false],
    ['someone leaves', async () => client.users.setActive(await id('gus'), false), false],
    ['a token', async () => client.tokens.create(await id('fay'), { description: 'by hand' }), false],
    ['a new person', () => post('/users', someone('new2', `${prefix}new2`)), false],
  ];
  const seen: string[] = [];
  for (const [what, happen, stands] of steps) {
    // Until one is kept: the first may be full, and one after it warm.
    for (let nth = 0; nth < 3; nth++) await read('--warm');
    await happen();
    const [warm, whole] = [await read('--warm'), await read()];
    expect(sayings(warm.plan), what).toEqual(sayings(whole.plan));
    const isSame = warm.how.includes('nothing that this plan hangs on');
    if (!stands) expect(isSame && what !== 'a new person', what).toBe(false);
    seen.push(`${what}: ${warm.how}`);
    await apply();
  }

  const same = seen.filter((how) => how.includes('nothing that this plan hangs on'));
  // On a running server others may do what makes the plan anew.
  if (target.isSandbox) expect(same, seen.join('\n')).toHaveLength(3);
  // oxlint-disable-next-line no-console -- what was seen on a running server is reported
  if (!target.isSandbox) console.log(seen.join('\n'));
});

const someone = (mail: string, username: string): object => ({
  username,
  email: `${target.prefix}${mail}@elsewhere.example.com`,
  password: 'Passw0rd-of-nobody',
});
