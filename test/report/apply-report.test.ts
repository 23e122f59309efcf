import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FinishedAction, Outcome, RunResult } from '../../src/model/outcome.ts';
import { PlanFileRefusedError } from '../../src/plan/plan-file.ts';
import { applyJson } from '../../src/report/apply-json.ts';
import { applyText, outcomeText } from '../../src/report/apply-text.ts';
import { coloured, plain } from '../../src/report/paint.ts';
import { createProgress } from '../../src/report/progress.ts';
import { SinkError } from '../../src/secrets/errors.ts';
import { action, change } from './support.ts';

const done: Outcome = { status: 'done', as: 'written', notes: [] };
const noted: Outcome = { status: 'done', as: 'written', notes: ['secret delivered to secrets/ada~ci@1.token'] };
const found: Outcome = { status: 'done', as: 'found', notes: [] };
const skipped: Outcome = { status: 'skipped', because: 'the account was not created' };
const stale: Outcome = { status: 'stale', expected: 'email a@example.com', found: 'email b@example.com' };
const failed = (written: 'no' | 'yes' | 'unknown'): Outcome => ({
  status: 'failed',
  error: new SinkError({ is: 'failed', name: 'vault', ending: 'exit code 1' }),
  written,
});

const startedMs = Date.parse('2026-11-24T12:00:00.250Z');
const resultOf = (person: string, outcome: Outcome): FinishedAction => ({
  action: action(change(person, 'update', 'nickname')),
  outcome,
  attempts: [{ startedMs: startedMs + 2, endedMs: startedMs + 12, result: 'written' }],
  startedMs,
  endedMs: startedMs + 12.4,
});
const applied = (outcomes: readonly Outcome[], interrupted = false): RunResult => ({
  results: outcomes.map((outcome, i) => resultOf(`p${i}`, outcome)),
  created: new Map(),
  interrupted,
});

describe('the report of an apply', () => {
  test.each<[what: string, result: RunResult, text: string]>([
    ['all done', applied([done, done]), 'Applied: 2 of 2 actions done\n'],
    ['one done', applied([done]), 'Applied: 1 of 1 action done\n'],
    ['some already so', applied([done, found, found]), 'Applied: 3 of 3 actions done (2 already so)\n'],
    [
      'a note',
      applied([noted]),
      'Applied: 1 of 1 action done\n  update of p0: secret delivered to secrets/ada~ci@1.token\n',
    ],
    [
      'everything that can happen',
      applied([done, skipped, stale, failed('no'), failed('unknown'), failed('yes')]),
      `Applied: 1 of 6 actions done
  skipped  update of p1: the account was not created
  stale    update of p2: the plan saw email a@example.com, now it is email b@example.com: left alone
  failed   update of p3: the sink vault ended with exit code 1
      → run its command by hand to see why
  failed   update of p4: the sink vault ended with exit code 1 (it may have been written all the same)
      → run its command by hand to see why
  failed   update of p5: the sink vault ended with exit code 1 (it was written, but could not be read back)
      → run its command by hand to see why
→ run muster plan to see what is left; what is done stays done
`,
    ],
    [
      'an interruption',
      applied([done, skipped], true),
      `Interrupted: 1 of 2 actions done
  skipped  update of p1: the account was not created
→ muster apply --resume resumes this run; muster plan shows what is left
`,
    ],
  ])('tells %s', (_, result, text) => {
    expect(applyText(result, plain)).toBe(text);
    expect(stripVTControlCharacters(applyText(result, coloured))).toBe(text);
  });

  test('is green or red', () => {
    expect(applyText(applied([done]), coloured)).toContain('\u001b[32mApplied');
    expect(applyText(applied([skipped]), coloured)).toContain('\u001b[31mApplied');
    expect(applyText(applied([done], true), coloured)).toContain('\u001b[31mInterrupted');
  });

  test('lets nothing through to the terminal', () => {
    const evil = '\u001b[31m\r\n\u202e\u0007\u009b';
    const outcomes: readonly Outcome[] = [
      { status: 'done', as: 'written', notes: [evil] },
      { status: 'skipped', because: evil },
      { status: 'stale', expected: evil, found: evil },
      {
        status: 'failed',
        error: new PlanFileRefusedError({ is: 'unreadable', path: evil, why: evil, todo: evil }),
        written: 'unknown',
      },
    ];

    const text = applyText({ results: outcomes.map((outcome) => resultOf(evil, outcome)), interrupted: false }, plain);

    expect(text.split('\n')).toHaveLength(8);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    for (const outcome of outcomes) expect(outcomeText(outcome)).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

test('for programs, every action stands with its outcome', () => {
  const common = {
    operation: 'patch-user',
    classes: ['update'],
    account: 'x'.repeat(26),
    started: '2026-11-24T12:00:00.250Z',
    milliseconds: 12,
    attempts: [{ started: '2026-11-24T12:00:00.252Z', milliseconds: 10, result: 'written' }],
  };
  const of = (i: number): object => ({ action: `p${i}/nickname/update`, person: `p${i}`, ...common });

  const json = applyJson(applied([noted, found, skipped, stale, failed('unknown')], true));

  expect(JSON.parse(JSON.stringify(json))).toEqual({
    interrupted: true,
    summary: { actions: 5, done: 2, skipped: 1, stale: 1, failed: 1 },
    results: [
      { ...of(0), status: 'done', as: 'written', notes: ['secret delivered to secrets/ada~ci@1.token'] },
      { ...of(1), status: 'done', as: 'found', notes: [] },
      { ...of(2), status: 'skipped', because: 'the account was not created' },
      { ...of(3), status: 'stale', expected: 'email a@example.com', found: 'email b@example.com' },
      {
        ...of(4),
        status: 'failed',
        written: 'unknown',
        error: {
          code: 'SINK_FAILED',
          message: 'the sink vault ended with exit code 1',
          hint: 'run its command by hand to see why',
        },
      },
    ],
  });
});

function watch(isTerminal: boolean): { written: string[]; progress: ReturnType<typeof createProgress> } {
  const written: string[] = [];
  return {
    written,
    progress: createProgress({ isTerminal, write: (text) => written.push(text) }, plain, () => startedMs),
  };
}

describe('progress', () => {
  const request = {
    type: 'request',
    method: 'GET',
    path: '/api/v4/users/email/a%40example.com',
    template: '/api/v4/users/email/{email}',
    result: { status: 404 },
    attempt: 2,
    ms: 11.8,
  } as const;

  test('shows requests above the line that changes, and only when asked for', () => {
    const written: string[] = [];
    const sink = { isTerminal: true, write: (text: string) => written.push(text) };
    for (const shown of ['none', 'each', 'without names'] as const) {
      const progress = createProgress(sink, plain, () => startedMs, shown);
      progress.emit({ type: 'reading', what: 'people', done: 200 });
      progress.emit(request);
      progress.emit({ ...request, result: { code: 'API_UNREACHABLE' } });
      progress.end();
    }

    const again = '\r\u001b[2Kreading people 200';
    const gone = '\r\u001b[2K';
    expect(written.join('')).toBe(
      [
        `${again}${gone}`,
        `${again}${gone}GET /api/v4/users/email/a%40example.com → 404 (12 ms, attempt 2)\n`,
        `${again}${gone}GET /api/v4/users/email/a%40example.com → no answer, API_UNREACHABLE (12 ms, attempt 2)\n`,
        `${again}${gone}`,
        `${again}${gone}GET /api/v4/users/email/{email} → 404 (12 ms, attempt 2)\n`,
        `${again}${gone}GET /api/v4/users/email/{email} → no answer, API_UNREACHABLE (12 ms, attempt 2)\n`,
        `${again}${gone}`,
      ].join(''),
    );
  });

  const one = action(change('ada', 'update', 'nickname'));

  test('on a terminal is one line that changes and is gone at the end', () => {
    const { written, progress } = watch(true);

    progress.emit({ type: 'reading', what: 'people', done: 200 });
    progress.emit({ type: 'reading', what: 'people', done: 400, total: 1000 });
    progress.emit({ type: 'waiting', because: 'the rate limit', ms: 1200 });
    progress.emit({ type: 'apply-started', actions: 2, people: 1 });
    progress.emit({ type: 'action-started', action: one });
    progress.emit({ type: 'action-recorded', action: one, outcome: done });
    progress.emit({ type: 'waiting', because: 'the rate limit', ms: 999 });
    progress.emit({ type: 'waiting', because: 'the rate limit', ms: 5000 });
    progress.emit({ type: 'action-recorded', action: one, outcome: skipped });
    progress.emit({ type: 'apply-ended' });
    progress.end();

    const full = '━'.repeat(24);
    expect(written.map((text) => text.replace('\r\u001b[2K', ''))).toEqual([
      'reading people 200',
      'reading people 400 of 1000',
      'waiting 2 s for the rate limit',
      `${full} 0/2`,
      `${full} 1/2  update of ada`,
      `${full} 1/2  waiting 5 s for the rate limit`,
      `${full} 2/2, 1 not done  update of ada`,
      '',
    ]);
    expect(written.every((text) => text.startsWith('\r\u001b[2K') && !text.includes('\n'))).toBe(true);
  });

  test('on a terminal leaves no line open, whenever it ends', () => {
    const { written, progress } = watch(true);
    progress.emit({ type: 'reading', what: 'people', done: 1 });

    progress.end();
    progress.end();

    expect(written.slice(1)).toEqual(['\r\u001b[2K']);
  });

  test('in a log is a line for everything that ends or takes long, without control characters', () => {
    const { written, progress } = watch(false);

    progress.emit({ type: 'reading', what: 'people', done: 200 });
    progress.emit({ type: 'apply-started', actions: 2, people: 1 });
    progress.emit({ type: 'action-started', action: one });
    progress.emit({ type: 'action-recorded', action: one, outcome: done });
    progress.emit({ type: 'waiting', because: 'the rate limit', ms: 500 });
    progress.emit({ type: 'waiting', because: 'the rate limit', ms: 60_000 });
    progress.emit({ type: 'action-recorded', action: one, outcome: stale });
    progress.emit({ type: 'apply-ended' });
    progress.end();

    expect(written.join('')).toBe(`applying 2 actions for 1 person
[1/2] done update of ada
waiting 60 s for the rate limit
[2/2] stale update of ada: the plan saw email a@example.com, now it is email b@example.com: left alone
`);
  });

  test.each([true, false])('lets nothing through (terminal: %s)', (isTerminal) => {
    const evil = '\u001b[31m\r\n\u202e\u0007\u009b';
    const { written, progress } = watch(isTerminal);

    progress.emit({ type: 'reading', what: evil, done: 1 });
    progress.emit({ type: 'waiting', because: evil, ms: 5000 });
    progress.emit({ type: 'apply-started', actions: 1, people: 1 });
    progress.emit({
      type: 'action-recorded',
      action: action(change(evil, 'update', 'x')),
      outcome: { status: 'skipped', because: evil },
    });

    const own = written.map((text) => text.replace('\r\u001b[2K', '').replace(/\n$/, ''));
    expect(own.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
