/** Whatever stands in a field that comes from outside, it is dead text in every format. */

import { describe, expect, test } from 'vitest';
import { renderPlan } from '../../src/cli/render-plan.ts';
import { changeClasses } from '../../src/model/change-classes.ts';
import type { Outcome, RunResult } from '../../src/model/outcome.ts';
import type { Change, ChangeClass, Plan } from '../../src/model/plan.ts';
import { InputError } from '../../src/model/problem.ts';
import { PlanFileRefusedError } from '../../src/plan/plan-file.ts';
import { errorAnnotations } from '../../src/report/annotations.ts';
import { applyAnnotations, applyMarkdown } from '../../src/report/apply-pipeline.ts';
import { errorJson } from '../../src/report/error-json.ts';
import { errorMarkdown } from '../../src/report/error-markdown.ts';
import { explanationText } from '../../src/report/explanation-text.ts';
import { jsonText } from '../../src/report/json-text.ts';
import { plain } from '../../src/report/paint.ts';
import { errorText } from '../../src/report/problems-text.ts';
import { validationMarkdown } from '../../src/report/validation.ts';
import { sampleProblem } from '../support/sample-problem.ts';
import { action, plan } from './support.ts';

const esc = '\u001b';
/** What each of them would do, if it lived, is well known; precedents are in terminals, CI logs and comments. */
const seeds: readonly string[] = [
  // Terminals.
  `${esc}[31mred`,
  `${esc}[2J${esc}[H`,
  `${esc}]0;title\u0007`,
  `${esc}]8;;https://evil.example\u0007click${esc}]8;;\u0007`,
  `${esc}]52;c;ZXZpbA==\u0007`,
  `${esc}P+q544e${esc}\\`,
  '\u009b31m\u009d0;x\u009c',
  'over\rwritten',
  'back\b\b\b\bspace',
  'bell\u0007',
  'nul\u0000l',
  'del\u007f',
  'vertical\u000btab\u000cfeed\u0085next',
  'line\u2028separator\u2029paragraph',
  // Order and invisibility.
  'admin\u202ecod.exe',
  '\u2066\u2067\u2068isolate\u2069',
  'zero\u200bwidth\u200d\ufeff',
  'soft\u00adhyphen',
  '\u{e0041}\u{e0042}tag',
  'half\ud800pair',
  '\udc00half',
  // HTML.
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details></summary><h1>x',
  '<!-- comment',
  '--> <b>bold',
  '&lt;b&gt; &amp; &#60;',
  // Markdown.
  '[click](https://evil.example)',
  '![pixel](https://evil.example/p.png)',
  '<https://evil.example>',
  'https://evil.example',
  '@everyone @org/team',
  '#1 GH-1 org/repo#1',
  '| a | b |',
  'a\\|b',
  'a\\\\|b\\',
  '\\',
  '`code`',
  '``` \n# fence',
  '`',
  '```````',
  '` | `',
  '**bold** __x__ ~~y~~',
  '# heading\n## heading',
  '\n\n---\n\n',
  '- [x] done',
  ' padded ',
  ' ',
  '',
  '$x$ $$y$$',
  ':smile:',
  // Logs of workflows.
  '::error::x',
  '  ::error file=a,line=1::x',
  '::add-mask::ada',
  '::stop-commands::pause',
  '::set-output name=a::b',
  'x\n::error::y',
  'x\r\n::warning::y',
  'x%0A::error::y',
  'a%25b%0D%0Ac',
  'a,line=7::b',
  'a:b,c=d',
  '##[error]x',
  'x ##[add-mask]y',
  '##vso[task.setvariable variable=a]b',
  // Spreadsheets, shells, templates.
  '=HYPERLINK("https://evil.example")',
  '+1+cmd|x',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '$(reboot) `reboot`',
  '{{ secrets.TOKEN }} ${{ github.token }}',
  // Diffs.
  '--- a/x\n+++ b/x\n@@ -1 +1 @@',
  'diff --git a/x b/x',
  // Size and planes.
  'x'.repeat(10_000),
  '🙂'.repeat(400),
  `${'x'.repeat(199)}🙂🙂`,
  `${'x'.repeat(198)}🙂🙂`,
  '𝔘𝔫𝔦 漢字 العربية',
  'e\u0301'.repeat(300),
  '`'.repeat(300),
  '|'.repeat(300),
];

const wraps: ReadonlyArray<(text: string) => string> = [
  (text) => text,
  (text) => `\n${text}`,
  (text) => `x ${text} y`,
  (text) => `${text}\n${text}`,
  (text) => `\`${text}`,
  (text) => `${text}|`,
  (text) => `${' '.repeat(3)}${text}`,
];

/** Each text in each place. */
export const allAttacks: readonly string[] = seeds.flatMap((seed) => wraps.map((wrap) => wrap(seed)));

/** Every sixth text once, in one place after the other. */
export const someAttacks: readonly string[] = seeds.flatMap((seed, i) =>
  i % 6 === 0 ? [(wraps[(i / 6) % wraps.length] ?? String)(seed)] : [],
);

/** A plan of every class and every section in which each field from outside is the text. */
function planOfData(text: string): Plan {
  const reason = { text, file: text, line: 7, column: 5 };
  const change = (name: ChangeClass, i: number): Change => ({
    id: `${text}/${i}`,
    class: name,
    person: text,
    attribute: text,
    reason,
    ...valuesOf(name, text),
  });
  const all = changeClasses.map(change);
  const [first] = all;
  if (first === undefined) throw new Error('there are classes');
  return plan({
    server: { url: text, key: text, version: text, caller: text },
    tool: { name: 'mattermuster', version: text },
    narrowed: { users: [text], classes: ['update'], left_out: 1 },
    approvals: [{ class: 'deactivate', by: text, reason: text, expires: text, lifted: 1 }],
    actions: all.map((one) => action(one)),
    held: [{ change: first, code: text, owner: text, reason: text, hint: text }],
    blocked: [{ change: first, rail: 'budget', reason: text, hint: text, approval: text }],
    scheduled: [{ change: first, due: '2026-11-25T12:00:00.000Z' }],
    notices: [
      { code: text, person: text, text, hint: text },
      { code: 'x', text },
    ],
    undeclared: [{ id: text, username: text, admin: true }],
    previously_declared: [{ id: text, username: text, last_declared: text, admin: true }],
  });
}

function valuesOf(name: ChangeClass, text: string): Pick<Change, 'before' | 'after'> {
  if (name === 'create')
    return {
      after: { email: text, roles: [text, text], auth: { service: text, data: text }, props: { [`k${text}`]: text } },
    };
  if (name === 'auth') return { before: { service: text }, after: { service: text, data: text } };
  if (name === 'role-grant') return { after: text };
  if (name === 'role-revoke') return { before: text };
  return { before: `before ${text}`, after: text };
}

/** C0, C1, what turns the direction, what has no width, halves of pairs; a line end alone may stand between lines. */
const alive =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200d\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\u200e(?! → )|[\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** As the runner of GitHub reads a log, of stdout and stderr: v2 at the start of a line, v1 anywhere. */
const isCommand = (line: string): boolean => line.trimStart().startsWith('::') || line.includes('##[');

/** Where nothing but our own words and code spans is allowed: what stands in the spans is taken out. */
function skeletonOf(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => {
      let rest = line;
      let shown = '';
      for (;;) {
        const open = /`+/.exec(rest);
        if (open === null) return shown + rest;
        const after = rest.slice(open.index + open[0].length);
        const close = [...after.matchAll(/`+/g)].find(([run]) => run === open[0]);
        // A run that nothing closes is no span, and what follows is alive.
        if (close === undefined) return `${shown}${rest} (not closed)`;
        shown += `${rest.slice(0, open.index)}«»`;
        rest = after.slice(close.index + open[0].length);
      }
    })
    .join('\n');
}

/** Cells of a row of a table, by both readings of a pipe after a backslash. */
function cellsOf(row: string): readonly [byLookBehind: number, byParity: number] {
  return [row.split(/(?<!\\)\|/).length, row.replaceAll(/\\./g, '').split('|').length];
}

/** Rows that have not as many cells as the head of their table, by either reading. */
function brokenRows(markdown: string): readonly string[] {
  let columns: number | undefined;
  return markdown.split('\n').filter((line) => {
    if (!line.startsWith('|')) {
      columns = undefined;
      return false;
    }
    const cells = cellsOf(line);
    columns ??= cells[0];
    return cells.some((count) => count !== columns);
  });
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const decode = (text: string): string =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

/** As the runner takes a line apart. */
function commandOf(line: string): Command {
  const end = line.indexOf('::', 2);
  const info = line.slice(2, end);
  const space = info.indexOf(' ');
  const list = space < 0 ? [] : info.slice(space + 1).split(',');
  return {
    name: space < 0 ? info : info.slice(0, space),
    properties: Object.fromEntries(
      list.map((pair) => [pair.slice(0, pair.indexOf('=')), decode(pair.slice(pair.indexOf('=') + 1))]),
    ),
    message: decode(line.slice(end + 2)),
  };
}

const harmless = planOfData('harmless');

/** A run that did nothing of a plan, for reasons that are the text. */
function endedOf({ actions }: Plan, text: string): Omit<RunResult, 'created'> {
  const outcomes: readonly Outcome[] = [
    {
      status: 'failed',
      error: new PlanFileRefusedError({ is: 'unreadable', path: text, why: text, todo: text }),
      written: 'unknown',
    },
    { status: 'skipped', because: text },
    { status: 'stale', expected: text, found: text },
  ];
  const results = actions.flatMap((one, i) => {
    const outcome = outcomes[i % outcomes.length];
    return outcome === undefined ? [] : [{ action: one, outcome, attempts: [], startedMs: 0, endedMs: 0 }];
  });
  return { results, interrupted: false, stopped: text };
}

const errorsOf = (text: string): readonly unknown[] => {
  const at = { file: text, line: 7, column: 5 };
  return [
    new InputError([{ ...sampleProblem(text, text), at, excerpt: text, also: at }, sampleProblem(text)]),
    new PlanFileRefusedError({ is: 'unreadable', path: text, why: text, todo: text }),
    new Error(text),
    text,
  ];
};

/** Declares the tests of a suite. */
export function testAttacks(attacks: readonly string[]): void {
  describe('nothing is alive', () => {
    test('in text', () => {
      for (const text of attacks) {
        const shown = renderPlan(planOfData(text), 'text', false, plain);

        expect(shown).not.toMatch(alive);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
      }
    });

    test('in a diff, of which every line has a sign of ours', () => {
      for (const text of attacks) {
        const shown = renderPlan(planOfData(text), 'diff', false, plain);

        expect(shown).not.toMatch(alive);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
        for (const line of shown.trimEnd().split('\n')) expect(line).toMatch(/^([-+# ]|@@ )/);
        expect(shown.match(/^(---|\+\+\+) /gm)).toHaveLength(2);
      }
    });

    test('in Markdown, where it stands in code spans and the rest is as for any other plan', () => {
      const wanted = skeletonOf(renderPlan(harmless, 'markdown', false, plain));
      let cut = 0;
      for (const text of attacks) {
        const shown = renderPlan(planOfData(text), 'markdown', false, plain);

        expect(shown).not.toMatch(alive);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
        expect(brokenRows(shown)).toEqual([]);
        // Long in each of its many places once it is escaped: rows are left out and counted, as of any plan that is too long.
        if (shown.includes('left out to fit a comment')) cut += 1;
        else expect(skeletonOf(shown)).toBe(wanted);
      }
      expect(cut).toBeLessThan(attacks.length / 20);
    });

    test('in annotations, of which every line is one command of ours', () => {
      const lines = renderPlan(harmless, 'github', false, plain).trimEnd().split('\n');
      for (const text of attacks) {
        const shown = renderPlan(planOfData(text), 'github', false, plain);
        const commands = shown.trimEnd().split('\n').map(commandOf);

        expect(shown).not.toMatch(alive);
        expect(shown).not.toContain('##[');
        expect(commands.map(({ name }) => name)).toEqual(lines.map((line) => commandOf(line).name));
        for (const { properties } of commands) {
          for (const key of Object.keys(properties)) expect(['file', 'line', 'col', 'title']).toContain(key);
        }
        expect(commands[0]?.properties['line']).toBe('7');
      }
    });

    test('in JSON, which comes back as it was', () => {
      for (const text of attacks) {
        const data = planOfData(text);
        const shown = renderPlan(data, 'json', false, plain);

        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(data)));
        expect(shown).not.toMatch(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
      }
    });

    test('without names either', () => {
      for (const text of attacks) {
        const data = planOfData(text);
        for (const format of ['text', 'diff', 'markdown', 'github'] as const) {
          const shown = renderPlan(data, format, true, plain);

          expect(shown).not.toMatch(alive);
          expect(shown.split('\n').filter((line) => isCommand(line) && format !== 'github')).toEqual([]);
        }
      }
    });

    test('in an explanation', () => {
      for (const text of attacks) {
        const { held, blocked, scheduled, notices, actions } = planOfData(text);
        const place = { file: text, line: 7, column: 5, from: 'entry' as const };
        const parts = {
          username: text,
          entry: place,
          account: { id: text, username: text, email: text, active: true, by: ['username'] },
          managed: [{ name: text, wanted: text, origin: place }],
          unmanaged: ['auth'],
          changes: actions.flatMap(({ changes }) => changes),
          held,
          blocked,
          scheduled,
          notices,
        };
        const problems = [{ ...sampleProblem(text, text), at: place, excerpt: text, also: place }];
        const { entry: _, ...undeclared } = parts;
        const shown = [
          explanationText({ ...parts, problems: [] }, plain),
          explanationText({ ...parts, problems }, plain),
          explanationText({ ...undeclared, problems }, plain),
        ].join('');

        expect(shown).not.toMatch(alive);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
      }
    });
  });

  test('nothing is alive in what an apply tells a pull request', () => {
    const wanted = skeletonOf(applyMarkdown(harmless, endedOf(harmless, 'harmless')));
    for (const text of attacks) {
      const data = planOfData(text);
      const comment = applyMarkdown(data, endedOf(data, text));
      const lines = applyAnnotations(data, endedOf(data, text)).trimEnd().split('\n');

      expect(comment).not.toMatch(alive);
      expect(skeletonOf(comment)).toBe(wanted);
      expect(brokenRows(comment)).toEqual([]);
      for (const line of lines) {
        expect(line).not.toMatch(alive);
        expect(line).not.toContain('##[');
        expect(commandOf(line).name).toMatch(/^(error|warning|notice)$/);
      }
    }
  });

  test('nothing is alive in what a validation tells a pull request', () => {
    const wanted = skeletonOf(validationMarkdown({ people: 1, files: ['harmless'] }));
    for (const text of attacks) {
      const shown = validationMarkdown({ people: 1, files: [text] });

      expect(shown).not.toMatch(alive);
      expect(skeletonOf(shown)).toBe(wanted);
    }
  });

  describe('errors are as dead', () => {
    test('for people', () => {
      for (const error of attacks.flatMap(errorsOf)) {
        const shown = errorText(error, plain);

        expect(shown).not.toMatch(alive);
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
      }
    });

    test('as annotations, one line for each problem', () => {
      for (const error of attacks.flatMap(errorsOf)) {
        const lines = errorAnnotations(error).trimEnd().split('\n');

        expect(lines).toHaveLength(error instanceof InputError ? 2 : 1);
        for (const line of lines) {
          expect(line).not.toMatch(alive);
          expect(line).not.toContain('##[');
          expect(commandOf(line).name).toBe('error');
          for (const key of Object.keys(commandOf(line).properties)) expect(['file', 'line', 'col']).toContain(key);
        }
      }
    });

    test('as a comment, where they stand in code spans', () => {
      const wanted = errorsOf('harmless').map((error) => skeletonOf(errorMarkdown(error, 'muster plan')));
      for (const text of attacks) {
        for (const [i, error] of errorsOf(text).entries()) {
          const shown = errorMarkdown(error, 'muster plan');

          expect(shown).not.toMatch(alive);
          expect(skeletonOf(shown)).toBe(wanted[i]);
          expect(brokenRows(shown)).toEqual([]);
        }
      }
    });

    test('as JSON', () => {
      for (const error of attacks.flatMap(errorsOf)) {
        const shown = jsonText(errorJson(error));

        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(errorJson(error))));
        expect(shown.split('\n').filter(isCommand)).toEqual([]);
      }
    });
  });
}
