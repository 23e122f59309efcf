/** The approval that a plan prints is taken as it is, as a file of its own and as an entry of one that is there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const names = ['ada', 'bob', 'cem', 'dora', 'eva'];
const empty = 'version: 1\napprovals: []\n';
const other = `version: 1
approvals:
  - class: rename
    reason: another one
    by: it
    expires: 2026-01-01
    users: [zoe]
`;

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: { users: names.map((username) => ({ username })) } });
  place = await makeWorkplace(
    {
      'users.yaml': `version: 1\nusers:\n${names.map((username) => `  - { username: ${username}, active: false }\n`).join('')}`,
      'muster.yaml': 'version: 1\nfiles: [users.yaml]\napprovals: approvals.yaml\npolicy: { min_admins: 1 }\n',
      'approvals.yaml': empty,
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

describe('the printed approval', () => {
  test.each<[string, string, (yaml: string) => string, string]>([
    ['as a whole file', 'text', (yaml) => yaml, empty],
    ['as an entry more', 'text', (yaml) => `${other}${yaml.replace(/^version: 1\napprovals:\n/, '')}`, other],
    ['of a comment', 'markdown', (yaml) => yaml, empty],
  ])('lifts what it was printed for, %s', async (_, format, paste, before) => {
    await place.write({ 'approvals.yaml': before });
    const blocked = await place.muster(['plan', '--format', format]);
    const [yaml = ''] = /^version: 1\napprovals:\n( {2}.*\n)+/m.exec(blocked.stdout) ?? [];

    await place.write({ 'approvals.yaml': paste(yaml) });
    const approved = await place.muster(['plan']);

    expect(blocked.code).toBe(4);
    expect([approved.code, approved.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    expect(approved.stdout).toContain('Approved by');
    expect(approved.stdout).toContain('5 deactivate');
  });
});
