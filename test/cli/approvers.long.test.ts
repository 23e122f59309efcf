/** Who approved, waived and decided: no one does it for themselves, whatever name stands there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { commitAll } from '../support/git-repository.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

const config = `version: 1
approvals: approvals.yaml
waivers: waivers.yaml
policy: { min_admins: 1, budgets: { deactivate: { floor: 0, cap: 0 } } }
`;
const approvers = 'approvers: { team-lead: { emails: [ada@example.com] } }\n';
const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const approvalBy = (by: string): string =>
  `version: 1\napprovals:\n  - { class: deactivate, users: [ada, bob], reason: they leave, by: ${by}, expires: ${day} }\n`;
const waiverBy = (by: string): string =>
  `version: 1\nwaivers:\n  - { rule: undeclared-admin, users: [root], reason: break glass, by: ${by}, expires: ${day} }\n`;
const files = {
  'muster.yaml': config,
  'users.yaml': 'version: 1\nusers:\n  - { username: ada, active: false }\n  - { username: bob, active: false }\n',
  'approvals.yaml': approvalBy('grace'),
  'waivers.yaml': waiverBy('grace'),
};

let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'ada' },
        { username: 'bob' },
        { username: 'root', email: 'root@example.com', roles: ['system_user', 'system_admin'] },
      ],
    },
  });
  place = await makeWorkplace(files, { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken });
  commitAll(place.dir);
});
afterAll(() => sandbox.close());

async function planned(by: string, more = ''): Promise<readonly [number, Plan]> {
  await place.write({ ...files, 'muster.yaml': config + more, 'approvals.yaml': approvalBy(by) });
  const { code, stdout } = await place.muster(['plan', '--format', 'json']);
  return [code, JSON.parse(stdout) as Plan];
}

test('an approval by a person whom it concerns lifts nothing, and the plan says why, with exit code 4', async () => {
  expect((await planned('grace'))[0]).toBe(0);
  for (const [by, more] of [
    ['ada', ''],
    ['bob@example.com', ''],
    ['team-lead', approvers],
  ] as const) {
    const [code, { blocked }] = await planned(by, more);
    expect(code).toBe(4);
    expect(blocked.map(({ approval_refused: refused }) => refused)).toEqual(
      Array.from({ length: 2 }, () => ({ code: 'self-approval', by, file: 'approvals.yaml', line: 3 })),
    );
  }
  const { stdout } = await place.muster(['plan', '--redact']);
  expect(stdout).toContain('let another person approve');
  expect((await planned('team-lead'))[0]).toBe(0);
});

test('a waiver by the person of the finding waives nothing, and the report lists it as self', async () => {
  const reportOf = async (by: string): Promise<readonly [number, AuditReport]> => {
    await place.write({ ...files, 'waivers.yaml': waiverBy(by) });
    const { code, stdout } = await place.muster(['audit', '--format', 'json', '--fail-on', 'critical']);
    return [code, JSON.parse(stdout) as AuditReport];
  };
  const statesOf = ({ waivers }: AuditReport): readonly string[] => waivers.map(({ state }) => state);

  const [waived, report] = await reportOf('grace');
  const openRules = report.findings.filter(({ severity, waived: by }) => severity === 'critical' && by === undefined);
  expect([waived, statesOf(report), openRules.length]).toEqual([9, ['valid'], 1]);
  const [own, ownReport] = await reportOf('root@example.com');
  expect([own, statesOf(ownReport)]).toEqual([9, ['self']]);
  expect(ownReport.findings.filter(({ waived: by }) => by !== undefined)).toEqual([]);
  expect((await place.muster(['audit'])).stdout).toContain('waiver by the person whom it concerns');
});

test('approvers are compared with the base, as the rest of the policy is', async () => {
  await place.write({ ...files, 'muster.yaml': config + approvers });

  const { stdout } = await place.muster(['plan', '--base', 'HEAD', '--format', 'json']);

  const { compared } = JSON.parse(stdout) as Plan;
  expect(compared?.differences).toMatchObject([{ field: 'approvers.team-lead.emails', after: ['ada@example.com'] }]);
});
