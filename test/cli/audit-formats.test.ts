/** One audit of the embedded server in each of its formats: the same findings, the same exit code, nothing but the report on stdout. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        {
          username: 'ada',
          auth_service: 'saml',
          auth_data: 'ada',
          tokens: [{ description: '=cmd|<script>x</script>' }],
        },
        { username: 'bob', active: false, roles: ['system_user', 'system_admin'] },
        { username: 'guest', roles: ['system_guest'] },
        { username: 'robot', is_bot: true, tokens: [{ description: `ci@1 muster:${dayBefore(40)}:abcdefghij` }] },
      ],
    },
  });
  place = await makeWorkplace(
    { 'users.yaml': 'version: 1\nusers:\n  - { username: ada, nickname: Countess }\n' },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const formats = ['text', 'json', 'csv', 'markdown', 'sarif', 'html', 'github'] as const;

describe.each(formats)('as %s', (format) => {
  test('the token with a hostile name is found, on stdout alone, and the exit code is that of every format', async () => {
    const { code, stdout, stderr } = await place.muster(['audit', '--format', format, '--fail-on', 'high']);

    expect(code).toBe(9);
    expect(stdout).toContain('Administrator without an entry');
    expect(stdout).toMatch(/cmd\\?\|/);
    expect(stderr).toBe('');
  });

  test('--out writes the same into a file for its owner alone, and stdout stays empty', async () => {
    const file = `report.${format}`;
    const { code, stdout, stderr } = await place.muster(['audit', '--format', format, '--out', file, '--redact']);
    const path = join(place.dir, file);

    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^report written to report\.\w+: \d+ findings: /);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toMatch(/\bada\b|\bbob\b|\bcmd\b/);
  });
});

test('the figures of the charts are counted from the accounts and tokens', async () => {
  const { stdout } = await place.muster(['audit', '--format', 'json']);
  const report: AuditReport = JSON.parse(stdout);
  const schema: Record<string, unknown> = JSON.parse(await readFile('schemas/audit-report.schema.json', 'utf8'));
  const isValid = new Ajv2020().compile(schema);

  expect(isValid(report), JSON.stringify(isValid.errors)).toBe(true);
  expect(report.summary).toMatchObject({
    by_state: { people_active: 3, people_inactive: 1, bots_active: 1, bots_inactive: 0, remote: 0 },
    by_sign_in: [
      { name: 'email', count: 2 },
      { name: 'saml', count: 1 },
    ],
    by_role: [
      { name: 'system_user', count: 3 },
      { name: 'system_admin', count: 1 },
      { name: 'system_guest', count: 1 },
    ],
    tokens_by_age: { within_month: 0, within_quarter: 1, within_year: 0, older: 0, unknown: 1 },
  });
});

test('a report that cannot be written is refused before anything is read', async () => {
  const before = sandbox.requests.length;
  const { code, stderr } = await place.muster(['audit', '--out', 'nowhere/report.html', '--format', 'html']);

  expect(code).toBe(3);
  expect(stderr).toMatch(/the report cannot be written to nowhere\/report\.html \(no such file or folder, ENOENT\)/);
  expect(sandbox.requests).toHaveLength(before);
});
