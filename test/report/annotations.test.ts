import { describe, expect, test } from 'vitest';
import { apiError } from '../../src/api/api-error.ts';
import { beforeAnyCall } from '../../src/api/before-any-call.ts';
import { ReadNotCompleteError } from '../../src/live/errors.ts';
import { say } from '../../src/model/messages/message.ts';
import type { FinishedAction } from '../../src/model/outcome.ts';
import { InputError } from '../../src/model/problem.ts';
import { errorAnnotations, planAnnotations } from '../../src/report/annotations.ts';
import { applyAnnotations } from '../../src/report/apply-pipeline.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { fullPlan, plan } from './support.ts';

test('of a plan: what is blocked, at its line, and the totals', () => {
  expect(planAnnotations(fullPlan)).toBe(
    `::warning file=users.yaml,line=7,title=blocked%3A min-admins::admin-loss roles (- system_admin) of dorothy: one administrator would be left, two are needed
::notice title=previously declared::barbara (last 2026-10-30), ken (last 2026-11-02): still active, and no entry stands for them any more (write active: false for each who is to go; name in policy.protect who is to stay as they are)
::notice title=muster plan::Scheduled: ada: token-revoke tokens.deploy: generation 1 → gone, due 2026-11-25 12:00 UTC
::notice title=muster plan::Scheduled: margaret: token-revoke tokens.ci: generation 1 → gone, due 2026-11-26 00:30 UTC
::notice title=muster plan::Plan: 1 create, 1 activate, 1 deactivate, 1 admin-gain, 1 role-revoke, 1 email, 2 update, 1 token-create, 1 token-disable, 1 token-revoke; 1 held, 1 blocked, 2 scheduled, 2 previously declared, the server will send 2 mails.
`,
  );
});

test('of a plan without anything blocked: the totals', () => {
  expect(planAnnotations(plan())).toBe('::notice title=muster plan::Plan: no actions.\n');
});

test('of a plan: who was previously declared in one line, with as many names as can be taken in', () => {
  const accounts = Array.from({ length: 23 }, (_, i) => ({
    id: `${i}`,
    username: `u${i}`,
    last_declared: '2026-10-30',
    admin: false,
  }));

  const lines = planAnnotations(plan({ previously_declared: accounts })).split('\n');

  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('u19 (last 2026-10-30) and 3 more: still active');
});

test('of a plan: its limits and approvals', () => {
  const shown = planAnnotations(
    plan({
      narrowed: { classes: ['email'], left_out: 2 },
      approvals: [{ class: 'auth', by: 'grace', reason: '50 % move', expires: '2026-12-01', lifted: 1 }],
    }),
  );

  expect(shown).toBe(`::notice title=muster plan::Limited to email; 2 changes left out
::notice title=muster plan::Approved by grace until 2026-12-01: auth over its budget by 1 (50 %25 move)
::notice title=muster plan::Plan: no actions.
`);
});

test('of problems: each at its place, with what to do', () => {
  const error = new InputError([
    {
      ...sampleProblem('no such field', 'did you mean email?'),
      at: { file: 'users/a,b.yaml', line: 3, column: 9 },
    },
    sampleProblem('100% wrong'),
  ]);

  expect(errorAnnotations(error)).toBe(`::error file=users/a%2Cb.yaml,line=3,col=9::no such field (did you mean email?)
::error::100%25 wrong
`);
});

const silentError = apiError(
  say('API_OUTCOME_UNKNOWN', { is: 'broken-before', host: 'chat.example.com' }),
  beforeAnyCall,
  { retry: 'no' },
);

test.each<[string, unknown, string]>([
  [
    'with a hint of its own',
    new ReadNotCompleteError(['one']),
    `::error::${new ReadNotCompleteError(['one']).message} (${new ReadNotCompleteError(['one']).hint ?? '?'})\n`,
  ],
  [
    'with the hint of its kind',
    silentError,
    '::error::the connection broke before an answer (chat.example.com) (the response was lost: try again later; muster plan shows what was done)\n',
  ],
  ['that is a bug', new Error('what?'), '::error::what?\n'],
  ['that is no error', 'what?', '::error::what?\n'],
])('of an error %s: one line', (_what, error, shown) => {
  expect(errorAnnotations(error)).toBe(shown);
});

/** As many of a level as GitHub shows, and one that counts the rest. */
const tenOf = (text: string, level: string): readonly string[] => {
  const lines = text.split('\n').filter((line) => line.startsWith(`::${level}`));
  expect(lines).toHaveLength(10);
  return lines;
};

const times = <One>(count: number, one: (i: number) => One): readonly One[] =>
  Array.from({ length: count }, (_, i) => one(i));

describe('GitHub shows ten of a level in a step, so that the rest is counted:', () => {
  const [first] = fullPlan.blocked;
  const [dated] = fullPlan.scheduled;
  if (first === undefined || dated === undefined) throw new Error('the plan of this test has both');

  test('of blocked changes', () => {
    const lines = tenOf(
      planAnnotations({ ...fullPlan, blocked: times(40, (i) => ({ ...first, reason: `reason ${i}` })) }),
      'warning',
    );

    expect(lines.at(-1)).toBe('::warning title=muster::and 31 more: other formats show them');
  });

  test('of differences from the base together with blocked changes', () => {
    const differences = times(30, (i) => ({ field: `policy.x${i}`, before: 1, after: 2 }));
    const compared = { status: 'different' as const, base: 'main', differences };
    const lines = tenOf(
      planAnnotations({ ...fullPlan, compared, blocked: times(40, (i) => ({ ...first, reason: `reason ${i}` })) }),
      'warning',
    );

    expect(lines[0]).toContain('30');
    expect(lines[1]).toContain('policy.x0');
    expect(lines.at(-1)).toContain('and 62 more');
  });

  test('of entries beside a base, which come after what is blocked', () => {
    const differences = times(30, (i) => ({ person: `p${i}`, field: 'ends', before: 'a', after: 'b' }));
    const compared = { status: 'different' as const, base: 'main', differences };
    const lines = tenOf(
      planAnnotations({ ...fullPlan, compared, blocked: times(3, (i) => ({ ...first, reason: `reason ${i}` })) }),
      'warning',
    );

    expect(lines[0]).toContain('30 differences of entries that no action shows');
    expect(lines.slice(1, 4).every((line) => line.includes('blocked'))).toBe(true);
    expect(lines.at(-2)).toContain('p4: ends: a → b');
    expect(lines.at(-1)).toContain('and 25 more');
  });

  test('of what concerns administration and what is scheduled, and the totals stay', () => {
    const scheduled = times(500, () => ({ ...dated }));
    const lines = tenOf(planAnnotations({ ...fullPlan, scheduled }), 'notice');

    expect(lines.at(-2)).toBe('::notice title=muster::and 493 more: other formats show them');
    expect(lines.at(-1)).toMatch(/^::notice title=muster plan::Plan: /);
  });

  test('of an apply, whose own totals stay, too', () => {
    const [action] = fullPlan.actions;
    if (action === undefined) throw new Error('the plan of this test has actions');
    const failed = (): FinishedAction => ({
      action,
      outcome: { status: 'skipped', because: 'x' },
      attempts: [],
      startedMs: 0,
      endedMs: 0,
    });
    const ended = { results: times(300, failed), interrupted: false };
    const shown = applyAnnotations({ ...fullPlan, scheduled: times(500, () => ({ ...dated })) }, ended);

    expect(tenOf(shown, 'error').at(-1)).toContain('and 291 more');
    expect(tenOf(shown, 'notice').slice(-2)).toEqual([
      expect.stringMatching(/^::notice title=muster plan::Plan: /),
      expect.stringMatching(/^::notice title=muster apply::/),
    ]);
  });

  test('of problems, with those that are only counted', () => {
    const error = new InputError(times(4000, (i) => sampleProblem(`wrong ${i}`)));

    expect(tenOf(errorAnnotations(error), 'error').at(-1)).toContain('and 3991 more');
  });

  test('ten are shown, and no eleventh line says that there are none more', () => {
    const shown = planAnnotations({ ...fullPlan, blocked: times(10, (i) => ({ ...first, reason: `reason ${i}` })) });

    expect(tenOf(shown, 'warning').join('')).not.toContain('more');
  });
});
