/** Very many changes: every format in reasonable time, a comment that a comment can hold, totals that stay exact. */
import { describe, expect, test } from 'vitest';
import type { PlanFormat } from '../../src/cli/options.ts';
import { renderPlan } from '../../src/cli/render-plan.ts';
import type { BlockedChange, ChangeClass, Plan } from '../../src/model/plan.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';
import { action, change, plan } from './support.ts';

const classes: readonly ChangeClass[] = [
  'create',
  'deactivate',
  'email',
  'rename',
  'update',
  'role-grant',
  'token-create',
];
const maxComment = 65_536;

/** @param script - letters of the people's names, so that bytes and characters differ */
function bigPlan(count: number, script = 'person'): Plan {
  const name = (i: number): string => `${script}.${i}`;
  const actions = Array.from({ length: count }, (_, i) => {
    const kind = classes[i % classes.length] ?? 'update';
    return action(
      change(name(Math.floor(i / 2)), kind, kind === 'create' ? 'account' : 'nickname', {
        before: `${script} before ${i}`,
        after: kind === 'create' ? { email: `${script}${i}@example.com` } : `${script} after ${i}`,
      }),
    );
  });
  const verdicts = Array.from(
    { length: count / 10 },
    (_, i): BlockedChange => ({
      change: change(`blocked.${i}`, 'deactivate', 'active', { before: true, after: false }),
      rail: 'budget',
      reason: `deactivate of ${count / 10} people, and the budget is 25`,
      hint: 'if it is right, approve it',
    }),
  );
  return plan({
    actions,
    blocked: verdicts,
    held: verdicts.map((one) => ({ ...one, code: 'protected', owner: 'the policy' })),
    scheduled: verdicts.map((one) => ({ change: one.change, due: '2026-11-25T12:00:00.000Z' })),
    notices: verdicts.map(({ change: { person } }) => ({ code: 'x', person, text: 'is inactive' })),
    undeclared: verdicts.map((_, i) => ({ id: `id-${i}`, username: `stranger.${i}`, admin: i === 0 })),
    previously_declared: verdicts.map((_, i) => ({
      id: `previous-${i}`,
      username: `previous.${i}`,
      last_declared: '2026-10-30',
      admin: i === 0,
    })),
  });
}

interface Shown {
  readonly title: string;
  readonly total: number;
  readonly rows: number;
  readonly folded: number;
}

/** Takes the sections of a comment apart again. */
function sectionsOf(markdown: string): readonly Shown[] {
  return [
    ...markdown.matchAll(/<details[^>]*><summary>([a-zA-Z -]+): (\d+)[^<]*<\/summary>\n\n([\s\S]*?)\n<\/details>/g),
  ].map(([, title = '', total, body = '']) => ({
    title,
    total: Number(total),
    // A row that is about several people names each.
    rows: body
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .reduce((sum, line) => sum + (cells(line)[0] ?? '').split(', ').length, 0),
    folded: Number(/… and (\d+) more of/.exec(body)?.[1] ?? 0),
  }));
}

const cells = (line: string | undefined): string[] =>
  (line ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

function countsOf(markdown: string): Readonly<Record<string, number>> {
  const lines = markdown.split('\n');
  const rule = lines.findIndex((line) => /^\|(--:\|)+$/.test(line));
  const numbers = cells(lines[rule + 1]);
  return Object.fromEntries(cells(lines[rule - 1]).map((name, i) => [name, Number(numbers[i])]));
}

/**
 * Declares the tests of a suite.
 *
 * @param count - of changes
 */
export function testSizes(count: number): void {
  const big = bigPlan(count);
  const small = bigPlan(count / 10);

  describe(`a plan of ${count} changes takes as much longer as it is larger`, () => {
    test.each(
      (['text', 'json', 'markdown', 'diff', 'github'] as const).flatMap(
        (format): Array<[PlanFormat, string, boolean]> => [
          [format, 'with names', false],
          [format, 'without names', true],
        ],
      ),
    )('as %s, %s', async (format, _names, redact) => {
      const render = (one: Plan): string => renderPlan(one, format, redact, coloured);

      const ofFiveSmall = await cpuTimeOf(() => {
        for (let i = 0; i < 5; i++) render(small);
      });
      let shown = '';
      const ofBig = await cpuTimeOf(() => (shown = render(big)));

      expect(shown.length).toBeGreaterThan(1000);
      // Twice as many changes; were each to look at all others, it would be twenty times as long.
      expect(ofBig / ofFiveSmall).toBeLessThan(8);
    });
  });

  describe('as a comment', () => {
    test.each<[string, number, string]>([
      ['Latin letters', count, 'person'],
      ['letters of three bytes', count, '漢字の名前'],
      ['letters beyond the first plane', count, '𝔘𝔫𝔦'],
      ['few changes', 70, 'person'],
      ['as many as may just fit', 350, 'person'],
      ['pipes and backticks', count, '|`|`|`'],
    ])('of %s it is no longer than a comment may be', (_what, changes, script) => {
      const markdown = renderPlan(bigPlan(changes, script), 'markdown', false, plain);

      // GitHub counts characters; UTF-16 units are never fewer. Stores of others that count bytes take four times as many.
      expect(markdown.length).toBeLessThanOrEqual(maxComment);
      expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(4 * maxComment);
    });

    test('every total is exact, and what is shown and what is left out add up', () => {
      const markdown = renderPlan(big, 'markdown', false, plain);
      const sections = new Map(sectionsOf(markdown).map((section) => [section.title, section]));

      expect(countsOf(markdown)).toEqual(big.summary.changes);
      for (const [name, total] of Object.entries(big.summary.changes)) {
        expect(sections.get(name)).toMatchObject({ total });
      }
      expect(sections.get('Blocked')?.total).toBe(big.blocked.length);
      expect(sections.get('Held')?.total).toBe(big.held.length);
      expect(sections.get('Scheduled')?.total).toBe(big.scheduled.length);
      expect(sections.get('Notices')?.total).toBe(big.notices.length);
      expect(sections.get('Undeclared')?.total).toBe(big.undeclared.length);
      expect(sections.get('Previously declared')?.total).toBe(big.previously_declared?.length);
      expect(sections.size).toBe(classes.length + 6);
      for (const { total, rows, folded } of sections.values()) {
        expect(rows + folded).toBe(total);
        expect(rows).toBeGreaterThan(0);
      }
    });

    test('the room is used: nothing is left out that would have fitted', () => {
      const markdown = renderPlan(big, 'markdown', false, plain);

      expect(markdown.length).toBeGreaterThan(0.9 * maxComment);
    });

    test('of few changes it leaves nothing out', () => {
      const sections = sectionsOf(renderPlan(bigPlan(70), 'markdown', false, plain));

      expect(sections.map(({ folded }) => folded)).toEqual(sections.map(() => 0));
      expect(sections.map(({ rows, total }) => rows - total)).toEqual(sections.map(() => 0));
    });

    test('its last line has the totals, too', () => {
      expect(renderPlan(big, 'markdown', false, plain).trimEnd().split('\n').at(-1)).toBe(
        renderPlan(big, 'text', false, plain).trimEnd().split('\n').at(-1),
      );
    });
  });

  test(`a diff of ${count} changes has every person once`, () => {
    const diff = renderPlan(big, 'diff', false, plain);

    expect(diff.match(/^\+\+\+ desired\//gm)).toHaveLength(big.summary.people);
  });
}
