/**
 * A pull request to which people push and push: small changes, large ones, mistakes by the thousand, what cannot be merged. The
 * forge fails, the server fails, jobs meet, people remove the comment or copy it. There is one comment, about the newest push.
 */
import { expect, test } from 'vitest';
import { ciMarkOf } from '../../src/model/ci-mark.ts';
import { hourMs } from '../../src/model/duration.ts';
import { useFastTime } from '../support/fast-time.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { seedsOf } from '../support/seeds.ts';
import { bot, person } from './support/fake-forge.ts';
import { musterYaml, names, usersYaml } from './support/gitops.ts';
import { bodies, ofPull, openStage } from './support/stage.ts';

useFastTime();

/** `PROPERTY_RUNS_FACTOR=10` makes 500 of them, which takes a quarter of an hour: 10,000 processes of git. */
const { first, count: pushes } = seedsOf(30);
const maxComment = 65_536;

type Below = (below: number) => number;
interface Push {
  readonly files: (below: Below) => Readonly<Record<string, string>>;
  readonly codes: readonly number[];
}

const many = (below: Below, entry: (i: number) => string): string =>
  `version: 1\nusers:\n${Array.from({ length: 1100 + below(100) }, (_, i) => `  - ${entry(i)}\n`).join('')}`;
const words = ['x', 'Ann `Marie` | <b>', '🙂🙂🙂', '<!-- muster:ci kind=plan -->', '\\u202e@team', '$(id)'];

/** What a push brings, and how its plan may end. */
const kinds: Readonly<Record<string, Push>> = {
  small: {
    files: (below) => ({
      'users.yaml': usersYaml({ [names[below(8)] ?? '']: JSON.stringify(words[below(words.length)]) }),
    }),
    codes: [0],
  },
  nothing: { files: () => ({ 'users.yaml': usersYaml() }), codes: [0] },
  large: {
    files: (below) => ({
      'users.yaml': many(
        below,
        (i) =>
          `{ username: new-${i}, email: new-${i}@example.com, nickname: "${'n'.repeat(60)}", position: "${'|`'.repeat(60)}" }`,
      ),
    }),
    codes: [4],
  },
  mistakes: {
    files: (below) => ({ 'users.yaml': many(below, (i) => `{ username: wrong-${i}, emial: "${'x'.repeat(80)}" }`) }),
    codes: [3],
  },
  'not YAML': { files: (below) => ({ 'users.yaml': '[{'.repeat(below(2000) + 1) }), codes: [3] },
  blocked: {
    files: () => ({
      'users.yaml': `version: 1\nusers:\n${names.map((name) => `  - { username: ${name}, active: false }\n`).join('')}`,
    }),
    codes: [4],
  },
  rules: { files: () => ({ 'users.yaml': usersYaml(), 'muster.yaml': `${musterYaml}# changed\n` }), codes: [0] },
  conflict: {
    files: () => ({ 'users.yaml': usersYaml(), 'approvals.yaml': 'version: 1\napprovals: []\n# mine\n' }),
    codes: [3],
  },
};
const kindNames = Object.keys(kinds);

test(`${pushes} pushes leave one comment, which is never missing, and never too long`, {
  timeout: hourMs,
}, async () => {
  const stage = await openStage();
  const runner = await stage.team.runner();
  const { sandbox } = stage.team;
  const below = randomFrom(first);
  const lengths: number[] = [];
  const met = { forge: 0, server: 0, together: 0, removed: 0, copied: 0 };
  const plan = (): ReturnType<typeof stage.job> =>
    stage.job(['ci', 'plan', '--state', 'kept'], { ...ofPull(7), runner });
  // A line that main changes as well, from the start of the branch on.
  await stage.team.push('main-moves', { 'approvals.yaml': 'version: 1\napprovals: []\n# theirs\n' });
  const old = stage.team.head('main');
  stage.team.merge('main-moves');

  for (let i = 0; i < pushes; i++) {
    const kind = i < kindNames.length - 1 ? kindNames[i + 1] : kindNames[below(kindNames.length)];
    const { files, codes } = kinds[kind ?? ''] ?? kinds['small'] ?? { files: () => ({}), codes: [] };
    const head = await stage.open(7, files(below), { startsAt: kind === 'conflict' ? old : 'main' });
    const trouble = i < 2 ? 9 : below(10);
    if (trouble === 0)
      stage.forge.faults.push({ when: /comments/, status: 502 }, { when: /^P.*comments/, status: 503 });
    if (trouble === 1) sandbox.faults.add({ kind: 'error', status: 500, times: Number.POSITIVE_INFINITY });
    if (trouble === 2) stage.forge.notes.splice(0);
    const [ours] = bodies(stage);
    if (trouble === 3 && ours !== undefined) stage.forge.notes.push({ id: 5, pull: 7, author: person, body: ours });

    // Two jobs of the same push: someone ran it again.
    const runs = await Promise.all(trouble === 4 ? [plan(), plan()] : [plan()]);

    sandbox.faults.clear();
    stage.forge.faults.splice(0);
    met.forge += trouble === 0 ? 1 : 0;
    met.server += trouble === 1 ? 1 : 0;
    met.removed += trouble === 2 ? 1 : 0;
    met.copied += trouble === 3 ? 1 : 0;
    met.together += trouble === 4 ? 1 : 0;
    const about = `push ${i}, ${kind}, trouble ${trouble}`;
    const allowed = trouble === 1 ? [...codes, 5] : codes;
    expect(
      runs.map(({ code }) => allowed.includes(code)),
      `${about}: ${runs.map(({ code }) => code).join(' ')}`,
    ).toEqual(runs.map(() => true));
    const notes = stage.forge.notes.filter(({ author }) => author === bot);
    expect(notes.length, about).toBe(1);
    const body = notes[0]?.body ?? '';
    lengths.push(body.length);
    expect(body.length, about).toBeLessThanOrEqual(maxComment);
    expect(ciMarkOf(body)?.commit, about).toBe(head);
    expect(body, about).toMatch(/^<!-- muster:ci .*-->\n### muster /);
    for (const copied of stage.forge.notes.filter(({ author }) => author === person)) expect(copied.body).toBe(ours);
    stage.forge.notes.splice(0, stage.forge.notes.length, ...notes);
  }

  expect(lengths.filter((length) => length > 20_000).length).toBeGreaterThan(pushes / 25);
  expect(
    Object.values(met).every((count) => count > pushes / 50),
    JSON.stringify(met),
  ).toBe(true);
});
