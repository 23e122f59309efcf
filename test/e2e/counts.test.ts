/**
 * The figures of an audit against those of the server itself. Skipped without `MUSTER_E2E_URL` and `MUSTER_E2E_TOKEN`; it only
 * reads, so it asks for no `MUSTER_E2E_ALLOW_WRITES`. `fixtures/population.sql` fills a server of one's own with people of every kind.
 * What no call of the server counts, its database does, where `MUSTER_E2E_DATABASE` is an address that `psql` takes.
 */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import { makeWorkplace } from '../support/run-muster.ts';

const { MUSTER_E2E_URL: url = '', MUSTER_E2E_TOKEN: token = '', MUSTER_E2E_DATABASE: database = '' } = process.env;

async function ask<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(`${url}/api/v4${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
  return JSON.parse(await answer.text()) as Answer;
}

const sorts = (...names: readonly string[]): string => names.map((name) => `include_${name}=true`).join('&');

const counted = async (query: string): Promise<number> =>
  (await ask<{ total_users_count: number }>(`/users/stats/filtered?${query}`)).total_users_count;

/** All rows of a listing, however many pages it has. */
async function listed<Row>(path: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let page = 0; ; page += 1) {
    const some = await ask<readonly Row[]>(`${path}${path.includes('?') ? '&' : '?'}per_page=200&page=${page}`);
    rows.push(...some);
    if (some.length < 200) return rows;
  }
}

describe.skipIf(url === '')('the figures of an audit and those of the server', () => {
  let report: AuditReport;
  /** By name, as the System Console shows them. */
  let analytics: ReadonlyMap<string, number>;
  const found = (what: string): number | undefined =>
    report.completeness.reads.find((read) => read.what === what)?.found;

  beforeAll(async () => {
    const { username } = await ask<{ username: string }>('/users/me');
    const files = {
      'muster.yaml': 'files: [users.yaml]\n',
      'users.yaml': `version: 1\nusers: [{ username: ${username} }]\n`,
    };
    const place = await makeWorkplace(files, { MUSTER_SERVER: url, MUSTER_TOKEN: token });
    const { code, stdout, stderr } = await place.muster(['audit', '--format', 'json']);
    if (code !== 0) throw new Error(stderr);
    report = JSON.parse(stdout) as AuditReport;
    const rows = await Promise.all(
      ['standard', 'extra_counts'].map((name) =>
        ask<ReadonlyArray<{ name: string; value: number }>>(`/analytics/old?name=${name}`),
      ),
    );
    analytics = new Map(rows.flat().map(({ name, value }) => [name, value]));
  });

  test('agree on accounts: all, active, inactive, bots, remote', async () => {
    const { accounts, active, inactive, bots, by_state: states, remote } = report.summary;
    const all = await counted(sorts('deleted', 'bots', 'remote_users'));
    const allActive = await counted(sorts('bots', 'remote_users'));
    const withoutBots = await counted(sorts('deleted', 'remote_users'));

    expect({ accounts, active, inactive }).toEqual({ accounts: all, active: allActive, inactive: all - allActive });
    expect(bots).toBe(all - withoutBots);
    expect(remote).toBe(all - (await counted(sorts('deleted', 'bots'))));
    expect(states.people_active).toBe(await counted(''));
    expect(states.people_active + states.people_inactive).toBe(await counted(sorts('deleted')));
    expect(found('activity')).toBe(await ask('/reports/users/count'));
    expect(found('bots')).toBe(bots);
  });

  test('agree on the roles of active accounts', async () => {
    const roles = new Map(report.summary.by_role.map(({ name, count }) => [name, count]));

    for (const role of ['system_admin', 'system_guest', 'system_manager', 'system_user_manager'])
      expect(roles.get(role) ?? 0, role).toBe(await counted(`${sorts('bots', 'remote_users')}&roles=${role}`));
  });

  test('agree on webhooks, slash commands and tokens', async () => {
    const tokens = await listed<{ id: string; is_active: boolean }>('/users/tokens');
    const ids = new Set(tokens.map(({ id }) => id));
    const hooks = (analytics.get('incoming_webhook_count') ?? 0) + (analytics.get('outgoing_webhook_count') ?? 0);

    expect(found('webhooks')).toBe(hooks);
    expect(found('commands')).toBe(analytics.get('command_count'));
    expect(found('tokens')).toBe(ids.size);
    expect(report.summary.tokens).toBe(ids.size);
  });

  test('agree on who left tokens and sessions behind', async () => {
    const people = await listed<{ id: string; delete_at: number; remote_id?: string }>('/users?inactive=true');
    const left = new Set(people.filter(({ delete_at }) => delete_at > 0).map(({ id }) => id));
    const tokens = await listed<{ user_id: string; is_active: boolean }>('/users/tokens');
    const rule = (name: string): number | undefined => report.rules.find((one) => one.rule === name)?.found;

    expect(report.summary.inactive).toBe(left.size);
    expect(rule('leaver-token')).toBe(tokens.filter((one) => one.is_active && left.has(one.user_id)).length);
    let withSessions = 0;
    for (const { id, remote_id: remote = '' } of people)
      if (remote === '' && (await ask<readonly object[]>(`/users/${id}/sessions`)).length > 0) withSessions += 1;
    expect(rule('leaver-session')).toBe(withSessions);
  });

  describe.skipIf(database === '')('agree with the database', () => {
    /** Everybody who is no bot and of this server, with the last use that the server knows of, in milliseconds. */
    const people = `people AS (
      SELECT u.id, u.createat,
        greatest(u.lastlogin, coalesce(s.lastactivityat, 0),
          coalesce((SELECT max(p.lastpostdate) FROM poststats p WHERE p.userid = u.id), 0)) AS seen,
        (SELECT max(n.lastactivityat) FROM sessions n WHERE n.userid = u.id
          AND EXISTS (SELECT 1 FROM useraccesstokens t WHERE t.userid = u.id)) AS used
      FROM users u LEFT JOIN status s ON s.userid = u.id
      WHERE u.deleteat = 0 AND coalesce(u.remoteid, '') = '' AND NOT EXISTS (SELECT 1 FROM bots b WHERE b.userid = u.id))`;
    /** The moment of the report, so many days before. */
    const daysAgo = (days: number): number => Date.parse(report.completeness.moment) - days * 86_400_000;
    const idsOf = (query: string): readonly string[] =>
      execFileSync('psql', ['-qXAt', '-d', database, '-c', query], { encoding: 'utf8' }).split('\n').filter(Boolean);
    const foundBy = (rule: string, by: 'account' | 'thing'): ReadonlySet<string | undefined> =>
      new Set(report.findings.filter((one) => one.rule === rule).map((one) => one[by]));

    test('on who has not used an account', () => {
      const ids = idsOf(`WITH ${people} SELECT id FROM people
        WHERE coalesce(nullif(greatest(seen, coalesce(used, 0)), 0), createat) < ${daysAgo(90)}`);

      expect(foundBy('dormant-account', 'account')).toEqual(new Set(ids));
      expect(ids.length).toBeGreaterThan(0);
    });

    test('on whose accounts only tokens use', () => {
      const ids = idsOf(`WITH ${people} SELECT id FROM people WHERE coalesce(nullif(seen, 0), createat) < ${daysAgo(90)}
        AND EXISTS (SELECT 1 FROM sessions n JOIN useraccesstokens t ON t.id = n.props ->> 'user_access_token_id'
          WHERE t.userid = people.id AND n.userid = people.id AND t.isactive AND n.lastactivityat >= ${daysAgo(90)})`);

      expect(foundBy('service-account', 'account')).toEqual(new Set(ids));
      expect(ids.length).toBeGreaterThan(0);
    });

    test('on which tokens of muster were never used', () => {
      const ids = idsOf(`SELECT t.id FROM useraccesstokens t JOIN users u ON u.id = t.userid
        WHERE t.isactive AND u.deleteat = 0 AND coalesce(u.remoteid, '') = ''
          AND t.description ~ '^[a-z0-9-]+@[0-9]+ muster:[0-9-]{10}:[a-z0-9]{10}$'
          AND floor((${Date.parse(report.completeness.moment)} - extract(epoch FROM substring(t.description, 'muster:(.{10}):')::date) * 1000) / 86400000) > 30
          AND NOT EXISTS (SELECT 1 FROM sessions n WHERE n.userid = u.id AND n.props ->> 'user_access_token_id' = t.id)`);

      expect(foundBy('unused-token', 'thing')).toEqual(new Set(ids));
      expect(ids.length).toBeGreaterThan(0);
    });
  });

  test('hold no secret that a list of the server tells', async () => {
    const text = JSON.stringify(report);
    const { ServiceSettings: on } = await ask<{ ServiceSettings: Readonly<Record<string, unknown>> }>('/config');
    // A list of what is switched off is refused, and the audit has none of it either.
    const incoming = on['EnableIncomingWebhooks'] === true ? await listed<{ id: string }>('/hooks/incoming') : [];
    const outgoing = on['EnableOutgoingWebhooks'] === true ? await listed<{ token: string }>('/hooks/outgoing') : [];
    const told = [...incoming.map(({ id }) => id), ...outgoing.map((one) => one.token)];

    expect(told.filter((secret) => text.includes(secret.slice(0, 12)))).toEqual([]);
  });
});
