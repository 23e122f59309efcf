/** A plan as a page, as a report of tests and as findings of code scanning: everything is in it, and nothing in it is alive. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { renderPlan } from '../../src/cli/render-plan.ts';
import type { Plan } from '../../src/model/plan.ts';
import { plain } from '../../src/report/paint.ts';
import { planRows } from '../../src/report/plan-rows.ts';
import { someAttacks } from './injection-suite.ts';
import { action, change, fullPlan, plan } from './support.ts';

type PageFormat = 'html' | 'junit' | 'sarif';
const show = (one: Plan, format: PageFormat): string => renderPlan(one, format, false, plain);
const compared: Plan['compared'] = {
  status: 'different',
  base: 'main',
  has_config: true,
  differences: [{ field: 'policy.min_admins', before: '2', after: '1', file: 'muster.yaml', line: 3 }],
};
const whole: Plan = {
  ...fullPlan,
  compared,
  unusable: [
    {
      person: 'eve',
      file: 'users.yaml',
      line: 9,
      column: 5,
      problems: [{ code: 'unknown-field', message: 'unknown field emial', file: 'users.yaml', line: 9, column: 5 }],
      left_alone: ['eve'],
    },
  ],
  summary: { ...fullPlan.summary, unusable: 1 },
};

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** As a strict reader of XML takes it apart. @throws where it is not well formed */
function elementsOf(xml: string): readonly Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, tag, text = ''] of body.matchAll(/<([^<>]*)>|([^<>]+)/g)) {
    if (tag === undefined) {
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`not escaped: ${text}`);
      const inner = open.at(-1);
      if (inner !== undefined) inner.text += unescaped(text);
      else if (text.trim() !== '') throw new Error(`outside: ${text}`);
      continue;
    }
    const parts = /^(\/?)([a-z-]+)((?: [a-z]+="[^"<>&]*(?:&(?:amp|lt|gt|quot|#39);[^"<>&]*)*")*)(\/?)$/.exec(tag);
    if (parts === null) throw new Error(`no tag: ${tag}`);
    const [, isEnd, name = '', list = '', isEmpty] = parts;
    if (isEnd === '/') {
      if (open.pop()?.name !== name) throw new Error(`closes another: ${name}`);
      continue;
    }
    const pairs = [...list.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)]);
    const element = { name, attributes: Object.fromEntries(pairs) as Record<string, string>, text: '' };
    elements.push(element);
    if (isEmpty !== '/') open.push(element);
  }
  if (open.length > 0) throw new Error('not closed');
  return elements;
}

test('the page has a row for each difference, a search for them, and loads nothing', () => {
  const html = show(whole, 'html');
  const rows = [...html.matchAll(/<tr><td class="(\w+)" data-key="\d">\1<\/td><td>([^<]*)/g)];

  expect(rows.map(([, state, person]) => [state, person])).toEqual(
    planRows(whole).map(({ state, person }) => [state, person]),
  );
  expect(html).toContain('<input type="search"');
  expect(html).not.toMatch(/(?:src|href)=/);
  expect(html).toContain("default-src 'none'");
  for (const word of ['policy.min_admins', 'muster.yaml:3', 'unknown field emial', 'Plan: '])
    expect(html).toContain(word);
});

test('the report of tests counts each difference once: blocked fails, unusable is an error, held and scheduled are skipped', () => {
  const elements = elementsOf(show(whole, 'junit'));
  const [suite] = elements.filter(({ name }) => name === 'testsuite');
  const of = (name: string): number => elements.filter((one) => one.name === name).length;

  expect(of('testcase')).toBe(planRows(whole).length);
  expect(suite?.attributes).toMatchObject({
    tests: String(of('testcase')),
    failures: String(of('failure')),
    errors: String(of('error')),
    skipped: String(of('skipped')),
  });
  expect([of('failure'), of('error')]).toEqual([whole.blocked.length, 1]);
  expect(of('skipped')).toBe(whole.held.length + whole.scheduled.length);
  expect(elements.find(({ name }) => name === 'failure')?.text).toContain('make another person administrator first');
});

test('code scanning gets what a reviewer has to see, at its line, in the form that the standard asks for', () => {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const validate = ajv.compile(schema);

  const log = JSON.parse(show(whole, 'sarif')) as Log;
  const results = log.runs[0]?.results ?? [];

  expect([validate(log), validate.errors]).toEqual([true, null]);
  expect(results.map(({ ruleId, level }) => `${ruleId} ${level}`)).toEqual([
    'settings warning',
    'unusable error',
    'blocked warning',
  ]);
  expect(results[0]?.locations?.[0]?.physicalLocation).toMatchObject({
    artifactLocation: { uri: 'muster.yaml' },
    region: { startLine: 3 },
  });
});

test.each(['html', 'junit', 'sarif'] as const)('a plan without differences is whole as %s', (format) => {
  const shown = show(plan(), format);

  expect(shown).toContain(format === 'sarif' ? '"results": []' : 'Plan: ');
});

describe('whatever a name is, it stays text', () => {
  const alive =
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200d\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\u200e(?! → )|\p{Cs}/u;
  const planOf = (text: string): Plan => {
    const one = change(text, 'update', text, { before: text, after: text }, { text, file: text, line: 1, column: 1 });
    return plan({
      server: { url: text, key: text, version: text, caller: text },
      actions: [action(one)],
      blocked: [{ change: one, rail: 'budget', reason: text, hint: text }],
      held: [{ change: one, code: text, owner: text, reason: text, hint: text }],
      notices: [{ code: text, person: text, text, hint: text }],
      undeclared: [{ id: text, username: text, admin: true }],
      previously_declared: [{ id: text, username: text, last_declared: text, admin: true }],
    });
  };
  const tagsOf = (html: string): readonly string[] =>
    [...html.matchAll(/<[a-z/!][^>]*>/g)].map(([tag]) => tag.replace(/ (?:content|data-key)="[^"]*"/g, ''));

  test('on the page', () => {
    const wanted = tagsOf(show(planOf('harmless'), 'html'));
    for (const text of someAttacks) {
      const html = show(planOf(text), 'html');

      expect(html).not.toMatch(alive);
      expect(tagsOf(html)).toEqual(wanted);
    }
  });

  test('in the report of tests', () => {
    const wanted = elementsOf(show(planOf('harmless'), 'junit')).map(({ name }) => name);
    for (const text of someAttacks) {
      const xml = show(planOf(text), 'junit');

      expect(xml).not.toMatch(alive);
      expect(elementsOf(xml).map(({ name }) => name)).toEqual(wanted);
    }
  });

  test('in code scanning', () => {
    for (const text of someAttacks) {
      const sarif = show(planOf(text), 'sarif');
      const [run] = (JSON.parse(sarif) as Log).runs;

      expect(sarif).not.toMatch(alive);
      expect(run?.results).toHaveLength(1);
      expect(run?.results?.[0]?.message.text).not.toMatch(/\]\(|\{\d/);
    }
  });
});
