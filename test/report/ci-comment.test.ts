/** Comments of muster ci: marked, complete where they fit, never longer than one may be, whatever they are about. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markText } from '../../src/model/ci-mark.ts';
import type { FinishedAction, RunResult } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { InputError } from '../../src/model/problem.ts';
import { PlanFileRefusedError } from '../../src/plan/plan-file.ts';
import { applyComment, driftIssue, failedComment, noDriftIssue, planComment } from '../../src/report/ci-comment.ts';
import { redactionOf } from '../../src/report/redact-plan.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { isLong } from '../support/suite.ts';
import { action, change, fullPlan, plan } from './support.ts';

const maxComment = 65_536;
const mark = markText({ kind: 'plan', server: 'eu', at: '2026-11-29T00:00:00Z' });
const facts = { mark, server: 'eu', job: 'https://github.com/team/chat/actions/runs/9', commit: 'abcdef0123456789' };
const digest = `sha256:${'5'.repeat(64)}`;

test('the comment of a plan says what an apply will carry out, what else the pull request changes, and where it comes from', () => {
  const text = planComment({ plan: { ...fullPlan, digest }, rules: ['muster.yaml'] }, facts, undefined);

  expect(text.startsWith(`${mark}\n### muster plan for \`eu\`: 9 actions for 4 people\n`)).toBe(true);
  expect(text).toContain(`\`muster ci apply\` carries out exactly this plan, and nothing else: \`${digest}\``);
  expect(text).toContain('**Also changes how muster works**, which counts once it is merged: `muster.yaml`.');
  expect(text).toContain('<sub>commit `abcdef012345` · [job](https://github.com/team/chat/actions/runs/9)</sub>');
});

test('a job whose address is no plain one is not linked', () => {
  const text = planComment({ plan: fullPlan, rules: [] }, { mark, job: 'https://x.example/a) [b](c' }, undefined);

  expect(text).not.toContain('](');
});

test('what went wrong stands in a comment, too; without names it says the code and the place', () => {
  const error = new InputError([
    { ...sampleProblem('ada has two entries'), at: { file: 'users.yaml', line: 3, column: 5 } },
  ]);

  expect(failedComment(error, 'muster ci plan', facts, false)).toContain('ada has two entries');
  const redacted = failedComment(error, 'muster ci plan', facts, true);
  expect(redacted).toContain('`users.yaml:3:5`');
  expect(redacted).not.toContain('ada');
  const other = failedComment(new PlanFileRefusedError({ is: 'other-caller' }), 'muster ci apply', facts, true);
  expect(other).toContain('`PLAN_FILE_REFUSED` (not shown)');
});

const endedOf = ({ actions }: Plan, outcome: FinishedAction['outcome']): RunResult => ({
  results: actions.map((one) => ({ action: one, outcome, attempts: [], startedMs: 0, endedMs: 0 })),
  created: new Map(),
  interrupted: false,
});

test('the comment of an apply shows what no longer fits, and what a new plan would do, as not applied', () => {
  const stale = endedOf(fullPlan, { status: 'stale', expected: 'x', found: 'y' });

  const text = applyComment({ plan: fullPlan, result: stale, left: fullPlan }, facts, undefined);

  expect(text).toContain('9 reviewed actions no longer fit the server. **Not applied, since no one reviewed it**');
  expect(text).toContain('| `linus` | `deactivate` | `active` |');
});

test('the comment of an apply that stopped says how it goes on, and not that no one reviewed the rest', () => {
  const stopped = { ...endedOf(fullPlan, { status: 'skipped', because: 'stopped' }), stopped: 'an action failed' };

  const text = applyComment({ plan: fullPlan, result: stopped, left: fullPlan }, facts, undefined);

  expect(text).toContain('**The run did not finish.** Run this job again: it resumes (`muster ci apply --resume`).');
  expect(text).not.toContain('no one reviewed it');
});

test('the issue of drift says since when, and how much', () => {
  const { title, body } = driftIssue(fullPlan, '2026-11-01T00:00:00.000Z', facts, undefined);

  expect(title).toBe('muster: eu differs from the files (9 actions, 1 blocked)');
  expect(body.startsWith(`${mark}\nThe server differs from the files since \`2026-11-01T00:00:00.000Z\`.`)).toBe(true);
  expect(noDriftIssue(plan(), { mark }).title).toBe('muster: chat.example.com is as the files say');
});

describe('no comment is longer than one may be', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.constantFrom('`'.repeat(200), '|'.repeat(200), '🙂'.repeat(200), 'x'.repeat(500)),
  );
  const plans = fc
    .tuple(
      fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(text, { maxLength: 30 }),
    )
    .map(([seeds, times, rules]) => {
      const actions = Array.from({ length: times }, (_, i) =>
        seeds.map(([person, value], j) =>
          action(change(`${person}${i}-${j}`, 'update', 'nickname', { before: value, after: value })),
        ),
      ).flat();
      const blocked = actions.flatMap(({ changes }) =>
        changes.map((one) => ({ change: one, rail: 'budget' as const, reason: one.person, hint: one.person })),
      );
      return { made: plan({ actions, blocked }), rules };
    });

  test.runIf(isLong)('whatever the plan holds, with names or without', () => {
    fc.assert(
      fc.property(plans, fc.boolean(), ({ made, rules }, isRedacted) => {
        const redaction = isRedacted ? redactionOf(made) : undefined;
        const failed = endedOf(made, { status: 'stale', expected: 'x'.repeat(300), found: '`'.repeat(300) });
        const all = [
          planComment({ plan: { ...made, digest }, rules }, facts, redaction),
          applyComment({ plan: made, result: failed, left: made }, facts, redaction),
          driftIssue(made, '2026-11-01T00:00:00.000Z', facts, redaction).body,
        ];

        for (const one of all) {
          expect(one.length).toBeLessThanOrEqual(maxComment);
          expect(one.startsWith(`${mark}\n`)).toBe(true);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('however many problems there are', () => {
    const problems = Array.from({ length: 5000 }, () => ({
      ...sampleProblem('|`'.repeat(300), '|`'.repeat(300)),
      at: { file: '|'.repeat(300), line: 1, column: 1 },
    }));

    for (const isRedacted of [true, false]) {
      const shown = failedComment(new InputError(problems), 'muster ci plan', facts, isRedacted);

      expect(shown.length).toBeLessThanOrEqual(maxComment);
    }
  });
});
