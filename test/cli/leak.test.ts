/**
 * No secret is told: not on stdout, not on stderr, not in a plan, a journal, a report, an error or any file but a sink,
 * in no form, by no command, whatever fails.
 */
// oxlint-disable vitest/valid-expect -- a second argument says what went wrong
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CanaryWatch, canary } from '../support/canaries.ts';
import { echoes } from '../support/echoes.ts';
import { useFastTime } from '../support/fast-time.ts';
import { echoChoices, expectNoLeakByEcho } from '../support/leak-strikes.ts';
import { applyAll, callerToken, commandWords, passwords, type WorldRunOptions, world } from '../support/leak-world.ts';
import { bySuite, share } from '../support/suite.ts';

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

const formats = ['text', 'json', 'markdown', 'diff', 'github', 'html', 'junit', 'sarif'] as const;
const both = ['text', 'json'] as const;
const reports = ['text', 'json', 'markdown', 'github'] as const;
const auditFormats = ['text', 'json', 'csv', 'markdown', 'sarif', 'html', 'github'] as const;
const personFormats = ['text', 'json', 'csv', 'markdown'] as const;
const inFormats = (
  command: readonly string[],
  names: readonly string[],
  before: readonly (readonly string[])[] = [],
): readonly Row[] => names.map((format) => ({ args: [...command, '--format', format], before }));
const nowhere = 'http://127.0.0.1:9';
const forges: readonly NodeJS.ProcessEnv[] = [
  {},
  { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/users', GITHUB_API_URL: nowhere, GITHUB_SERVER_URL: nowhere },
  { GITLAB_CI: 'true', CI_PROJECT_ID: '1', CI_API_V4_URL: nowhere, CI_SERVER_URL: nowhere, GITLAB_TOKEN: callerToken },
];
const ciJobs = (args: readonly string[]): readonly Row[] => forges.map((env) => ({ args, options: { env } }));
const planned = [['plan', '--out', 'plan.json']];
/** Every server of a muster.yaml with several. */
const fleet = ['--all', '--config', 'fleet.yaml'];

/** By the words of the command; a command without a row fails the test. */
const commands: Readonly<Record<string, readonly Row[]>> = {
  init: [{ args: ['init', '--verbose'] }, { args: ['init', '--format', 'json'] }],
  validate: [...inFormats(['validate'], reports), { args: ['validate', ...fleet] }],
  plan: [
    ...inFormats(['plan'], formats),
    { args: ['plan', '--out', 'plan.json'] },
    ...inFormats(['plan', ...fleet], both),
    { args: ['plan', '--redact', '--detailed-exitcode', '--verbose'], options: { isTTY: true } },
  ],
  show: inFormats(['show', 'plan.json'], formats, planned),
  explain: ['ada', 'bob', 'dan', 'new.env'].flatMap((name) => inFormats(['explain', name], both)),
  apply: [
    ...inFormats(applyAll, reports),
    ...inFormats([...applyAll, ...fleet], both),
    { args: ['apply', ...fleet, '--redact'], options: { answer: 'yes', isTTY: true } },
    { args: ['apply', '--verbose'], options: { answer: 'yes', isTTY: true } },
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
  'journal list': [...inFormats(['journal', 'list'], both, [applyAll]), ...inFormats(['journal'], both, [applyAll])],
  'journal show': inFormats(['journal', 'show'], ['text', 'json', 'markdown'], [applyAll]),
  'journal verify': inFormats(['journal', 'verify'], both, [applyAll]),
  import: [
    ...inFormats(['import'], both),
    ...inFormats(['import', '--undeclared'], both),
    { args: ['import', '--user', 'ada', '--verbose'] },
    { args: ['import', '--out', 'all.yaml'], before: [applyAll] },
  ],
  audit: inFormats(['audit'], auditFormats),
  'audit onboarding': inFormats(['audit', 'onboarding', 'bob'], personFormats, [applyAll]),
  'audit offboarding': inFormats(['audit', 'offboarding', 'dan'], personFormats, [applyAll]),
  access: [
    ...inFormats(['access', '--record'], ['text', 'json', 'markdown'], [applyAll]),
    { args: ['access', '--at', '2026-11-01', '--user', 'ada'], before: [applyAll] },
  ],
  reconcile: [
    { args: ['reconcile', '--once', '--mode', 'observe', '--verbose'] },
    { args: ['reconcile', '--once', '--mode', 'enforce', '--log', 'json'] },
    { args: ['reconcile', '--once', '--mode', 'enforce', ...fleet] },
  ],
  status: [
    ...inFormats(['status'], both, [['reconcile', '--once', '--mode', 'observe']]),
    ...inFormats(['status', ...fleet], both, [['reconcile', '--once', '--mode', 'observe']]),
  ],
  // Outside of a repository, and where the forge does not answer; test/ci looks at what a job on a forge tells.
  'ci plan': ciJobs(['ci', 'plan']),
  'ci apply': ciJobs(['ci', 'apply', '--digest', `sha256:${'0'.repeat(64)}`]),
  'ci drift': ciJobs(['ci', 'drift']),
  'review open': inFormats(['review', 'open', 'q1'], both),
  'review status': inFormats(['review', 'status', 'q1'], both, [['review', 'open', 'q1']]),
  'review close': inFormats(['review', 'close', 'q1'], both, [['review', 'open', 'q1']]),
  'review verify': inFormats(['review', 'verify', 'q1'], both, [['review', 'open', 'q1']]),
  evidence: [
    ...inFormats(['evidence', '--out', 'pack'], both, [applyAll]),
    { args: ['evidence', '--out', 'pack', '--sign-key', 'muster.yaml'] },
  ],
  'evidence verify': inFormats(['evidence', 'verify', 'pack'], both, [['evidence', '--out', 'pack']]),
  doctor: inFormats(['doctor', '--verbose'], both),
  sandbox: [{ args: ['sandbox', '--port', '0'], options: { signal: AbortSignal.abort() } }],
  completion: ['bash', 'zsh', 'fish', 'none'].map((shell) => ({ args: ['completion', shell] })),
  help: [{ args: ['help', 'plan'] }],
  __complete: [{ args: ['__complete', '--', 'explain', ''] }],
};

const known = commandWords();

async function expectNoLeakOf(
  opened: Awaited<ReturnType<typeof world>>,
  args: readonly string[],
  options?: WorldRunOptions,
): Promise<void> {
  const { code, stdout, stderr } = await opened.muster(args, options);

  expect(code, stderr).not.toBe(1);
  if (options?.signal === undefined) expect(stdout + stderr).not.toBe('');
  expect(opened.leaks(), args.join(' ')).toEqual([]);
}

describe('no command tells a secret', () => {
  test('and every command has a row', () => {
    expect(known.filter((words) => commands[words] === undefined)).toEqual([]);
  });

  const isKnown = (words: string): boolean => commands[words] !== undefined;
  /** In the short suite one after the other, where one run has been; in the long one each with a run of its own. */
  const looking = bySuite({
    short: [
      'journal list',
      'journal show',
      'journal verify',
      'access',
      'audit onboarding',
      'audit offboarding',
      'evidence',
    ],
    long: [],
  });

  test.each(
    share(
      known.filter((words) => isKnown(words) && !looking.includes(words)),
      3,
      1,
    ),
  )('%s', async (words) => {
    for (const { args, before = [], options } of share(commands[words] ?? [], 12)) {
      const opened = await world();
      for (const earlier of before) await opened.muster(earlier);
      await expectNoLeakOf(opened, args, options);
    }
  });

  // oxlint-disable-next-line vitest/expect-expect -- the function expects
  test.runIf(looking.length > 0)('and none of those that look at what a run did', async () => {
    const opened = await world();
    await opened.muster(applyAll);

    for (const words of share(looking, 3))
      for (const { args, options } of share(commands[words] ?? [], 12)) await expectNoLeakOf(opened, args, options);
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

describe('a server tells no secret', () => {
  // oxlint-disable-next-line vitest/expect-expect -- the strike expects
  test('by an error that repeats the request', async () => {
    const { 'the message of an error, all of the request': echo } = echoes;
    if (echo === undefined) throw new Error('there is no such echo');
    await expectNoLeakByEcho(echo, echoChoices);
  });
});
