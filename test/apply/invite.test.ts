/** New people learn of their accounts by a mail of the server, where the policy says so. */
import { expect, test } from 'vitest';
import { openStage, outcomeOf, outcomesOf, type Stage, type StageOptions } from './support/stage.ts';

async function inviting(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({
    config: { 'EmailSettings.SendEmailNotifications': true },
    ...options,
    muster: {
      policy: { invite: 'reset_mail' },
      secrets: { sources: { start: { env: 'MUSTER_SECRET_START' } } },
    },
  });
  await stage.declare([
    { username: 'ada', email: 'ada@example.com' },
    { username: 'bob', email: 'bob@example.com', auth: { service: 'ldap', data: 'bob' } },
    { username: 'cleo', email: 'cleo@example.com', initial_password: 'start' },
  ]);
  return stage;
}

const env = { MUSTER_SECRET_START: 'Start-Passw0rd!' };
const resetsTo = ({ sandbox }: Stage): readonly string[] =>
  sandbox.snapshot().mails.flatMap(({ to, kind }) => (kind === 'password-reset' ? [to] : []));

test('goes to those who sign in by e-mail and have no initial password, once', async () => {
  const stage = await inviting();

  const run = await stage.apply({ env });

  expect(run.code).toBe(0);
  expect(run.plan.summary.mails).toBe(1);
  expect(resetsTo(stage)).toEqual(['ada@example.com']);
  expect((await stage.plan()).actions).toEqual([]);
});

test('is a note where it may not have been sent, and the account stands', async () => {
  const stage = await inviting();
  stage.sandbox.faults.add({ kind: 'reset-before-commit', match: { path: '/users/password/reset/send' } });

  const run = await stage.apply({ env });

  expect(run.code).toBe(0);
  expect(outcomesOf(run)).toContain('ada create-user: done');
  expect(outcomeOf(run, 'ada', 'create-user')).toMatchObject({
    notes: [expect.stringMatching(/may not have been sent/)],
  });
});

test('is a note where the answer to the create was lost', async () => {
  const stage = await inviting();
  stage.sandbox.faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path: '/users' } });

  const run = await stage.apply({ env, concurrency: 1 });

  expect(outcomeOf(run, 'ada', 'create-user')).toMatchObject({
    notes: [expect.stringMatching(/may not have been sent/)],
  });
});

test('is announced as impossible where the server sends no mails', async () => {
  const stage = await inviting({ config: { 'EmailSettings.SendEmailNotifications': false } });

  const { notices } = await stage.plan();

  expect(notices).toContainEqual(expect.objectContaining({ code: 'mails-off' }));
});
