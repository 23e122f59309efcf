/** Teams, private channels and their administration in a review, from its rows to the proof that what was revoked is gone. */
import { expect, onTestFinished, test } from 'vitest';
import type { ReviewRow } from '../../src/model/generated/review-file.ts';
import type { ReviewVerification } from '../../src/model/review.ts';
import { openBudgets } from '../apply/support/stage.ts';
import { type Decision, type ReviewStage, reviewStage } from './support/review.ts';

const bundled = 'bundles: { seller: { teams: [sales] } }\n';
const muster = `version: 1\npolicy:\n  min_admins: 1\n  budgets: ${JSON.stringify(openBudgets)}\n`;

const seed = {
  teams: [
    { name: 'core', channels: ['dev', { name: 'ops', type: 'P' as const }] },
    { name: 'sales', channels: [{ name: 'deals', type: 'P' as const }] },
  ],
  config: { 'GuestAccountsSettings.Enable': true },
  users: [
    { username: 'grace', teams: [{ team: 'core', role: 'admin' as const, channels: ['ops'] }] },
    {
      username: 'ada',
      teams: [
        { team: 'core', role: 'admin' as const, channels: ['dev', { channel: 'ops', role: 'admin' as const }] },
        { team: 'sales', channels: ['deals'] },
      ],
    },
    { username: 'bob', teams: ['core', 'sales'] },
    { username: 'gail', roles: 'system_guest', teams: [{ team: 'core', channels: ['dev', 'ops'] }] },
    { username: 'lee', active: false, teams: [{ team: 'core', role: 'admin' as const, channels: ['ops', 'dev'] }] },
  ],
};

const users = `version: 1
users:
  - username: ada
    teams:
      - { team: core, role: admin, channels: [dev, ops] }
  - username: bob # says nothing of teams
  - username: gail
  - username: lee
    active: false
`;

async function openReview(more = '', people = users): Promise<ReviewStage> {
  const stage = await reviewStage(seed, { 'muster.yaml': muster + more, 'users.yaml': people });
  onTestFinished(() => stage.close());
  expect(await stage.review('open')).toMatchObject({ code: 0 });
  return stage;
}

const keysOf = (rows: readonly ReviewRow[], person: string): readonly string[] =>
  rows.filter((row) => row.person === person).map(({ facts }) => facts.key);

test('has a row for each team, private channel and administration; public channels are listed for guests alone', async () => {
  const rows = await (await openReview()).rows();

  expect(keysOf(rows, 'ada').toSorted()).toEqual([
    'account',
    'channel-admin:core/ops',
    'channel:core/ops',
    'channel:sales/deals',
    'team-admin:core',
    'team:core',
    'team:sales',
  ]);
  expect(keysOf(rows, 'gail').toSorted()).toEqual(['account', 'channel:core/dev', 'channel:core/ops', 'team:core']);
  // What a person who is away would come back to where no one else may go.
  expect(keysOf(rows, 'lee').toSorted()).toEqual(['channel:core/ops', 'team-admin:core']);
  expect(rows.filter(({ facts }) => facts.privileged).map(({ person, grant }) => `${person}: ${grant}`)).toEqual(
    expect.arrayContaining(['ada: administers team core', 'lee: administers team core']),
  );
});

test('what is revoked is written into the entry, taken away by an apply, and proven to be gone', async () => {
  const stage = await openReview();
  const revoked = new Set([
    'ada channel-admin:core/ops',
    'ada team-admin:core',
    'ada team:sales',
    'ada channel:sales/deals',
    'bob team:core',
    'gail channel:core/ops',
    'lee channel:core/ops',
  ]);
  const decide = ({ person, facts }: ReviewRow): Decision => ({
    decision: revoked.has(`${person} ${facts.key}`) ? 'revoke' : 'keep',
    ...(facts.privileged && { reason: 'looked at' }),
    ...(person === 'grace' && { by: 'sandbox-admin' }),
  });
  await stage.decide(decide);

  const closed = await stage.review('close', '--format', 'json');
  const applied = await stage.place.muster(['apply', '--yes']);
  const proof = await stage.review('verify', '--format', 'json');

  expect(closed).toMatchObject({ code: 0 });
  expect(await stage.read('users.yaml')).toContain(`  - username: bob # says nothing of teams
    teams: [{team: core, member: false}]
`);
  expect(applied).toMatchObject({ code: 0 });
  expect(JSON.parse(proof.stdout) as ReviewVerification).toMatchObject({
    counts: { revoked: revoked.size, gone: revoked.size, still_there: 0 },
  });
  const places = (name: string): readonly string[] =>
    stage.sandbox.control
      .memberships(name)
      .filter(({ place, left }) => !left && !/\/(town-square|off-topic)$/.test(place))
      .map(({ place, roles }) => `${place}${roles.includes('_admin') ? ' (admin)' : ''}`);
  expect(places('ada')).toEqual(['core', 'core/dev', 'core/ops']);
  expect(places('bob')).toEqual(['sales']);
  expect(places('gail')).toEqual(['core', 'core/dev']);
  expect(places('lee')).toEqual(['core (admin)', 'core/dev']);
});

test('what no entry can take away is left to people, with what to do', async () => {
  const stage = await openReview();
  const revoked = new Set(['gail channel:core/dev', 'gail channel:core/ops', 'lee team-admin:core']);
  await stage.decide(({ person, facts }) => ({
    decision: revoked.has(`${person} ${facts.key}`) ? 'revoke' : 'keep',
    ...(facts.privileged && { reason: 'looked at' }),
    ...(person === 'grace' && { by: 'sandbox-admin' }),
  }));

  const { stdout } = await stage.review('close', '--format', 'json');

  const told = (JSON.parse(stdout) as { revoked: { person: string; key: string; how: string; hint?: string }[] })
    .revoked;
  expect(told.map(({ person, key, how, hint }) => `${person} ${key} ${how}: ${hint}`).toSorted()).toEqual([
    'gail channel:core/dev by-hand: a guest needs a channel in a team: revoke the team, too',
    'gail channel:core/ops by-hand: a guest needs a channel in a team: revoke the team, too',
    'lee team-admin:core by-hand: take it away in the System Console: entries decide about people who are there',
  ]);
});

test('what a bundle gives is left to people: an entry that ended it would contradict the bundle', async () => {
  const stage = await openReview(bundled, users.replace('bob # says', 'bob\n    bundles: [seller] # says'));
  await stage.decide(({ person, facts }) => ({
    decision: person === 'bob' && facts.key === 'team:sales' ? 'revoke' : 'keep',
    ...(facts.privileged && { reason: 'looked at' }),
    ...(person === 'grace' && { by: 'sandbox-admin' }),
  }));

  const { stdout } = await stage.review('close', '--format', 'json');

  expect((JSON.parse(stdout) as { revoked: object[] }).revoked).toMatchObject([
    { key: 'team:sales', how: 'by-hand', hint: expect.stringContaining('change the bundles') },
  ]);
});
