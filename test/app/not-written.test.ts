/** Files that a run should write, where they cannot be written. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePlanFile } from '../../src/app/show.ts';
import { checkNewFile } from '../../src/app/users-file.ts';
import { checkReportPlace } from '../../src/app/write-report.ts';
import { plan } from '../report/support.ts';

const clock = { now: () => 0, sleep: () => Promise.resolve() };

test.each([
  ['a report', 'REPORT_NOT_WRITTEN', (workingDir: string) => checkReportPlace('nowhere/report.html', { workingDir })],
  ['a users file', 'USERS_FILE_NOT_WRITTEN', (workingDir: string) => checkNewFile('nowhere/new.yaml', { workingDir })],
  [
    'a plan file',
    'PLAN_FILE_NOT_WRITTEN',
    (workingDir: string) => writePlanFile('nowhere/plan.json', plan({}), { workingDir, clock }),
  ],
])('%s that cannot be written says why, with a code of its own', async (_what, code, write) => {
  await expect(write(await mkdtemp(join(tmpdir(), 'muster-not-written-')))).rejects.toMatchObject({
    code,
    message: expect.stringContaining('ENOENT') as unknown,
  });
});
