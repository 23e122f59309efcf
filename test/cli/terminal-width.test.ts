/** What people read fits their terminal: lines are broken at words, and only paths, hashes and excerpts are longer. */
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { widthOf } from '../../src/report/columns.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { useFastTime } from '../support/fast-time.ts';
import { makeWorkplace, type Workplace } from '../support/run-muster.ts';

useFastTime();

const columns = 80;
let sandbox: Sandbox;
let place: Workplace;

beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      users: [
        { username: 'ada', email: 'ada@example.com', roles: ['system_user', 'system_admin'] },
        { username: 'linus', email: 'linus@example.com', tokens: [{ description: 'nightly job of the build farm' }] },
        { username: 'ken', email: 'ken@example.com' },
      ],
    },
  });
  place = await makeWorkplace(
    {
      'users.yaml':
        'version: 1\nusers:\n  - { username: ada, email: ada@example.com, nickname: Countess of the Analytical Engine }\n  - { username: linus, active: false }\n  - { username: grace, email: grace@example.com, ends: 2039-01-31 }\n',
      'broken.yaml':
        'version: 1\nusers:\n  - { username: ada, roles: [sysadmin], emial: ada@example.com, role: [admin] }\n',
      'muster.yaml': 'version: 1\nfiles: [users.yaml]\npolicy: { invite: reset_mail }\n',
    },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
});
afterAll(() => sandbox.close());

/** The first are before an apply, the last after it. */
const commands = [
  'doctor',
  'plan',
  'explain linus',
  'apply --yes',
  'journal',
  'journal show',
  'journal verify',
  'audit',
  'access',
  'audit offboarding linus',
  'audit onboarding grace',
  'undo --yes',
  'validate --files broken.yaml',
  'plan --only nonsense',
  'plan --files nowhere.yaml',
  'status',
  'help CALLER_TOKEN',
  'help budget',
  'import --user nobody',
  'doctor --verbose',
];

/** What is painted over what was there is no line of its own. */
const linesOf = (text: string): readonly string[] =>
  stripVTControlCharacters(text.replaceAll(/\r\u001b\[2K[^\n]*?(?=\r)/g, '')).split(/[\r\n]+/);

const isExcerpt = (line: string): boolean => /^ {2}[\d ]+ \|/.test(line);
/** One word, and at most what stands before it. */
const isOnePiece = (line: string): boolean => line.split(/ +/).some((word) => widthOf(word) > columns - 44);

test.each(commands)('muster %s fits 80 columns', async (line) => {
  const { stdout, stderr } = await place.muster(line.split(' '), { columns });
  const tooLong = [...linesOf(stdout), ...linesOf(stderr)].filter((text) => widthOf(text) > columns);

  expect(stdout + stderr).not.toBe('');
  expect(tooLong.filter((text) => !isExcerpt(text) && !isOnePiece(text))).toEqual([]);
});

test('without a terminal no line is broken, so that a program can search it', async () => {
  const { stderr } = await place.muster(['plan', '--files', 'broken.yaml']);

  expect(stderr).toContain('a custom role must stand in policy.allow_roles of muster.yaml\n');
  expect(stderr.split('\n').some((text) => widthOf(text) > columns)).toBe(true);
});

test('a dumb terminal gets plain lines: nothing is painted over, nothing coloured', async () => {
  const { stdout, stderr } = await place.muster(['plan'], { columns, env: { TERM: 'dumb' } });

  expect(stdout).toContain('Plan: ');
  // oxlint-disable-next-line no-control-regex
  expect(stdout + stderr).not.toMatch(/[\r\u001b]/);
});
