/**
 * No secret is told: not on stdout, not on stderr, not in a plan, a journal, a report, an error or any file but a sink,
 * in no form, by no command, whatever fails.
 */
// oxlint-disable vitest/valid-expect -- a second argument says what went wrong
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FaultKind, FaultSpec } from '../../src/sandbox/index.ts';
import { CanaryWatch, canary } from '../support/canaries.ts';
import { echoes, encodedEchoes, misplacedTokens, misplacing } from '../support/echoes.ts';
import { isWriteOfJob, type Knock } from '../support/leak-door.ts';
import {
  applyAll,
  callerToken,
  commandWords,
  passwords,
  useFastTime,
  type World,
  type WorldRunOptions,
  world,
} from '../support/leak-world.ts';

useFastTime();

describe('the search', () => {
  const secret = canary('a secret to search for');
  const watch = new CanaryWatch();
  watch.plant('it', secret);
  const bytes = Buffer.from(secret);
  const backwards = (text: string): string => Array.from(text).toReversed().join('');
  const forms: Readonly<Record<string, string>> = {
    'as it is': secret,
    'in capitals': secret.toUpperCase(),
    'a part of it': secret.slice(20, 31),
    'its beginning': `${secret.slice(0, 11)}…`,
    'in base64': bytes.toString('base64'),
    'in base64 after one byte': Buffer.from(`:${secret}`).toString('base64'),
    'in base64 after two bytes': Buffer.from(`a:${secret}, and more`).toString('base64'),
    'in base64url': Buffer.from(`Bearer ${secret}`).toString('base64url'),
    'in hex': bytes.toString('hex'),
    'in HEX': bytes.toString('hex').toUpperCase(),
    'in a dump': bytes.toString('hex').replace(/../g, '$& '),
    'in a URL': encodeURIComponent(secret),
    'in a form': new URLSearchParams({ secret }).toString(),
    'in JSON': JSON.stringify({ secret }),
    'in JSON in JSON': JSON.stringify(JSON.stringify({ secret })),
    'in JSON with escapes': Array.from(secret, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'in HTML': secret.replaceAll('"', '&quot;').replaceAll('é', '&#233;'),
    'in an inspection': inspect({ secret }),
    'in the inspection of a buffer': inspect(Buffer.from(secret)),
    'in Latin-1': Buffer.from(secret).toString('latin1'),
    backwards: backwards(secret),
    'backwards in JSON': backwards(JSON.stringify(secret)),
    'backwards in base64': backwards(bytes.toString('base64')),
    'backwards in hex': backwards(bytes.toString('hex')),
    'backwards in a URL': backwards(encodeURIComponent(secret)),
  };

  test.each(Object.entries(forms))('finds a secret %s', (_, form) => {
    expect(watch.find(`some text ${form} and more`)).not.toEqual([]);
  });

  test('finds it in files, in their names, and in folders in folders', async () => {
    const { dir, write } = await world();
    await mkdir(join(dir, 'a', 'b'), { recursive: true });
    await write('a/b/c', bytes.toString('base64'));
    await write(`a/${bytes.toString('hex').slice(0, 60)}`, '');
    await write('meant', secret);

    expect(watch.findInFolder(dir, (path) => path === 'meant').map((line) => line.split(' (')[0])).toEqual(
      expect.arrayContaining(['a/b/c: it', expect.stringMatching(/^a\/[0-9a-f]{60}: it$/)]),
    );
    expect(watch.findInFolder(dir, (path) => path === 'meant').join()).not.toContain('meant');
  });

  test('finds nothing in other text', async () => {
    const source = await readFile('test/support/canaries.ts', 'utf8');

    expect(watch.find(`${source}${bytes.toString('base64').slice(0, 8)}${secret.slice(0, 9)}`)).toEqual([]);
  });
});

test('every secret of the job is used, arrives where it should, and is told nowhere', async () => {
  const opened = await world();

  const run = await opened.muster(applyAll);

  const sent = opened.door.knocks.map(({ body }) => body).join('\n');
  for (const password of Object.values(passwords)) expect(sent).toContain(JSON.stringify(password));
  expect(opened.door.knocks.map(({ headers }) => headers.authorization)).toContain(`Bearer ${callerToken}`);
  expect(opened.door.newTokens.size).toBe(3);
  const kept = `${await opened.delivered()}${await readFile(join(opened.dir, 'secrets', 'bob~own@1.token'), 'utf8')}`;
  for (const secret of opened.door.newTokens) expect(kept).toContain(secret);
  expect(run.stdout).toContain('14 of 15 actions done');
  expect(opened.leaks()).toEqual([]);
});

interface Row {
  readonly args: readonly string[];
  readonly before?: readonly (readonly string[])[];
  readonly options?: WorldRunOptions;
}

const formats = ['text', 'json', 'markdown', 'diff', 'github'] as const;
const both = ['text', 'json'] as const;
const inFormats = (
  command: readonly string[],
  names: readonly string[],
  before: readonly (readonly string[])[] = [],
): readonly Row[] => names.map((format) => ({ args: [...command, '--format', format], before }));
const planned = [['plan', '--out', 'plan.json']];

/** By the words of the command; a command without a row fails the test. */
const commands: Readonly<Record<string, readonly Row[]>> = {
  validate: inFormats(['validate'], both),
  plan: [
    ...inFormats(['plan'], formats),
    { args: ['plan', '--out', 'plan.json'] },
    { args: ['plan', '--redact', '--detailed-exitcode'], options: { isTTY: true } },
  ],
  show: inFormats(['show', 'plan.json'], formats, planned),
  explain: ['ada', 'bob', 'dan', 'new.env'].flatMap((name) => inFormats(['explain', name], both)),
  apply: [
    ...inFormats(applyAll, both),
    { args: ['apply'], options: { answer: 'yes', isTTY: true } },
    { args: ['apply'], options: { answer: 'no' } },
    { args: ['apply', '--redact', '--yes', '--format', 'json'] },
    { args: ['apply', 'plan.json', '--yes'], before: planned },
    { args: applyAll, before: [applyAll] },
    { args: ['apply', '--resume', '--yes'], before: [['apply', '--yes', '--fail-fast']] },
  ],
  undo: [
    ...inFormats(['undo', '--yes'], both, [applyAll]),
    { args: ['undo'], before: [applyAll], options: { answer: 'yes', isTTY: true } },
  ],
  'journal list': inFormats(['journal', 'list'], both, [applyAll]),
  'journal verify': inFormats(['journal', 'verify'], both, [applyAll]),
  import: [...inFormats(['import'], both), { args: ['import', '--out', 'all.yaml'], before: [applyAll] }],
  doctor: inFormats(['doctor'], both),
  sandbox: [{ args: ['sandbox', '--port', '0'], options: { signal: AbortSignal.abort() } }],
  completion: ['bash', 'zsh', 'fish', 'none'].map((shell) => ({ args: ['completion', shell] })),
};

const known = commandWords();

describe('no command tells a secret', () => {
  test('and every command has a row', () => {
    expect(known.filter((words) => commands[words] === undefined)).toEqual([]);
  });

  test.each(known.filter((words) => commands[words] !== undefined))('%s', async (words) => {
    for (const { args, before = [], options } of commands[words] ?? []) {
      const opened = await world();
      for (const earlier of before) await opened.muster(earlier);
      const { code, stdout, stderr } = await opened.muster(args, options);

      expect(code, stderr).not.toBe(1);
      if (options?.signal === undefined) expect(stdout + stderr).not.toBe('');
      expect(opened.leaks(), args.join(' ')).toEqual([]);
    }
  });

  test('help, versions and mistakes', async () => {
    const opened = await world();
    const lines = [
      ...known.flatMap((words) => [
        [...words.split(' '), '--help'],
        ['help', ...words.split(' ')],
        [...words.split(' '), '--no-such-flag'],
      ]),
      ['--help'],
      ['--version'],
      ['no-such-command'],
      [],
    ];
    for (const args of lines) await opened.muster(args);

    expect(opened.leaks()).toEqual([]);
  });
});

/** The writes of the job; and the note that another run should wait, without which nothing goes on. */
function writesOf({ sandbox }: World): readonly (readonly Pick<FaultSpec, 'match' | 'times'>[])[] {
  const id = (name: string): string => sandbox.control.user(name)?.id ?? '';
  const write = (method: string, path: string, times = 1): Pick<FaultSpec, 'match' | 'times'> => ({
    match: { method, path },
    times,
  });
  return [
    [
      write('PUT', `/users/${id('ada')}/patch`),
      write('PUT', `/users/${id('abe')}/roles`),
      write('PUT', `/users/${id('dan')}/password`),
      write('PUT', `/users/${id('erin')}/active`),
      write('POST', `/users/${id('amy')}/tokens`),
      write('POST', `/users/${id('bob')}/tokens`),
      write('POST', '/users/tokens/disable'),
      write('POST', '/users/tokens/revoke', 2),
      write('POST', '/users', 4),
      write('POST', '/users/*/preferences/delete'),
    ],
    [write('PUT', '/users/*/preferences')],
  ];
}

const faults: Readonly<Record<string, FaultKind>> = {
  latency: { kind: 'latency', ms: 100 },
  'a limit': { kind: 'rate-limit', retryAfter: 1 },
  'a limit that says nothing': { kind: 'rate-limit' },
  ...Object.fromEntries(
    ([400, 401, 403, 404, 409, 413, 500, 501, 503] as const).map((status) => [
      `an error ${status}`,
      { kind: 'error', status, body: 'json' } as const,
    ]),
  ),
  'a page of a proxy': { kind: 'error', status: 502, body: 'html' },
  'nothing of a proxy': { kind: 'error', status: 504, body: 'empty' },
  'an error after all was done': { kind: 'error', status: 500, body: 'json', isAfterCommit: true },
  'a broken connection': { kind: 'reset-before-commit' },
  'a lost answer': { kind: 'reset-after-commit' },
  'no answer': { kind: 'hang' },
  'a late write': { kind: 'late-commit' },
  'a late write behind a proxy': { kind: 'late-commit', meanwhile: 'gateway-timeout' },
  'an answer cut short': { kind: 'truncated-body', keep: 0.9 },
  'JSON cut short': { kind: 'broken-json', keep: 0.9 },
  'a wrong type': { kind: 'wrong-type' },
  'another wrong type': { kind: 'wrong-type', value: ['text'] },
  'a body that drips': { kind: 'slow-body', chunkBytes: 20, delayMs: 1 },
};

describe('no fault of the server brings a secret out:', () => {
  test.each(Object.entries(faults))('%s', async (_, fault) => {
    for (const part of [0, 1]) {
      const opened = await world(fault.kind === 'hang' ? { patienceMs: 150 } : {});
      const struck = writesOf(opened)[part]?.map((write) => opened.sandbox.faults.add({ ...fault, ...write }));

      const { code } = await opened.muster([...applyAll, '--format', part === 0 ? 'text' : 'json']);

      expect(code).not.toBe(1);
      expect(struck?.map(({ hits }) => hits)).not.toContain(0);
      expect(opened.leaks()).toEqual([]);
    }
  });

  test.each([0, 1, 3, 6, 9])('a session that ends after %i writes', async (writes) => {
    const opened = await world();
    let left = writes;
    opened.door.rule = {
      before: (knock) => {
        if (left === 0) knock.headers.authorization = 'Bearer ended';
        else if (isWriteOfJob(knock)) left -= 1;
        return undefined;
      },
    };

    const { stderr, stdout } = await opened.muster(applyAll);

    expect(stdout + stderr).toContain('401');
    expect(opened.leaks()).toEqual([]);
  });
});

describe('nothing that a server repeats is told:', () => {
  const choices: readonly ((knock: Knock, write: number) => boolean)[] = [isWriteOfJob, (_, write) => write > 4];
  const rows = [
    ...Object.entries(echoes).map(([name, echo]) => ({ name, echo, chosen: choices })),
    ...Object.entries(encodedEchoes).map(([name, echo]) => ({ name, echo, chosen: choices.slice(0, 1) })),
  ];

  test.each(rows)('$name', async ({ echo, chosen }) => {
    for (const [i, isEchoed] of chosen.entries()) {
      const opened = await world();
      let writes = 0;
      let echoed = 0;
      opened.door.rule = {
        before: (knock) => {
          if (isWriteOfJob(knock)) writes += 1;
          if (!isEchoed(knock, writes)) return undefined;
          echoed += 1;
          return echo(knock);
        },
      };
      const { code } = await opened.muster([...applyAll, '--format', i === 0 ? 'json' : 'text']);

      expect(echoed).toBeGreaterThan(0);
      expect(code).not.toBe(0);
      expect(opened.leaks(), `choice ${i}`).toEqual([]);
    }
  });

  test.each(Object.entries(misplacedTokens))('a new token’s secret as %s', async (_, change) => {
    const opened = await world();
    opened.door.rule = misplacing(change);

    await opened.muster(applyAll);

    expect(opened.door.newTokens.size).toBeGreaterThan(0);
    expect(opened.leaks()).toEqual([]);
  });

  const readers = ['plan', 'doctor', 'import', 'explain ada', 'apply --yes', 'apply --resume --yes', 'undo --yes'];
  test.each(readers)('to %s', async (words) => {
    const opened = await world();
    for (const [i, echo] of Object.values({ ...echoes, ...encodedEchoes }).entries()) {
      opened.door.rule = { before: echo };
      await opened.muster([...words.split(' '), '--format', i % 2 === 0 ? 'text' : 'json']);
    }

    expect(opened.leaks()).toEqual([]);
  });
});
