/** No option is ignored silently: one that means nothing beside the others on the line is refused. */
import type { Option } from 'commander';
import { expect, test } from 'vitest';
import type { CommandRow } from '../../src/cli/command-row.ts';
import { commandRows } from '../../src/cli/command-rows.ts';
import { RuledOption } from '../../src/cli/ruled-option.ts';
import { makeWorkplace } from '../support/run-muster.ts';

/** A value that each parser takes. */
const values: Readonly<Record<string, string>> = {
  n: '3',
  sha256: `sha256:${'0'.repeat(64)}`,
  time: '36h',
  file: 'muster.yaml',
  duration: '10m',
  interval: '30s',
  mode: 'observe',
  dir: 'state',
  address: '9464',
  expression: '* * * * *',
  'ref|folder': './base',
  pem: 'ca.pem',
  'url|name': 'eu',
  path: 'users.yaml',
};

function wordsOf(option: Option): readonly string[] {
  const [, name] = /<(.+)>/.exec(option.flags) ?? [];
  const value = name === undefined ? [] : [option.argChoices?.[0] ?? values[name] ?? ''];
  return [option.long ?? '', ...value];
}

/** With a format, where the row has some: it is added to each command. */
const ruled = (row: CommandRow): readonly Option[] => row.options.filter((one) => one instanceof RuledOption);

const alone = commandRows.flatMap((row) =>
  ruled(row).flatMap((option) =>
    option instanceof RuledOption && option.needed.length > 0
      ? [{ line: [row.name, ...wordsOf(option)].join(' '), option: option.long ?? '' }]
      : [],
  ),
);

const excluded = commandRows
  .filter(({ name }) => name === 'reconcile')
  .flatMap(({ name, options }) =>
    options.flatMap((option) => {
      const { conflictsWith } = option as Option & { readonly conflictsWith: readonly string[] };
      return conflictsWith.map((other) => {
        const found = options.find((one) => one.attributeName() === other);
        if (found === undefined) throw new Error(`${option.long} excludes ${other}, which is no option of ${name}`);
        const all = option.long === '--queue' ? ['--all'] : [];
        return [name, ...wordsOf(option), ...wordsOf(found), ...all].join(' ');
      });
    }),
  );

test('the table of options knows those that mean nothing alone', () => {
  expect(alone.map(({ line }) => line)).toEqual(
    expect.arrayContaining([
      'plan --parallel 3',
      'apply --parallel 3',
      'apply --valid-for 36h',
      'doctor --parallel 3',
      'reconcile --queue',
      'reconcile --deadline 10m',
      'reconcile --detailed-exitcode',
      'status --config muster.yaml',
    ]),
  );
});

test.each(alone)('$line is refused', async ({ line, option }) => {
  const work = await makeWorkplace();

  const { code, stderr } = await work.muster(line.split(' '));

  expect(code).toBe(3);
  expect(stderr).toContain(`error ${option} means nothing without `);
});

test('what an option needs may be an argument, and lets it through', async () => {
  const work = await makeWorkplace();

  const { stderr } = await work.muster(['apply', 'plan.json', '--valid-for', '36h', '--yes']);

  expect(stderr).toContain('plan.json');
  expect(stderr).not.toContain('means nothing without');
});

test('--format of muster reconcile is of one cycle: lines of a loop have --log', async () => {
  const work = await makeWorkplace();

  const { code, stdout } = await work.muster(['reconcile', '--format', 'json']);

  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { problems: [{ code: 'option-alone' }] } });
});

test('options of muster reconcile that exclude each other are refused together', async () => {
  const work = await makeWorkplace();
  expect(excluded.length).toBeGreaterThan(20);

  for (const line of excluded) {
    const { code, stderr } = await work.muster(line.replace('cron * * * * *', 'cron @daily').split(' '));

    expect({ line, code }).toEqual({ line, code: 3 });
    expect(stderr).toContain('cannot be used with option');
  }
});
