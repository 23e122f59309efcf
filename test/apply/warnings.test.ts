/** What goes wrong beside a run is told with its code, and stops nothing. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WarningCode } from '../../src/model/messages/warning-rows.ts';
import type { EmitRunEvent } from '../../src/model/run-event.ts';
import { stateFiles } from './support/cut-journal.ts';
import { openStage, type Stage } from './support/stage.ts';

const people = ['ada', 'ben'].map((username) => ({ username, email: `${username}@example.com` }));

async function open(nickname = 'x'): Promise<Stage> {
  const stage = await openStage({ users: people });
  await wish(stage, nickname);
  return stage;
}

const wish = (stage: Stage, nickname: string): Promise<void> =>
  stage.declare(people.map(({ username }) => ({ username, nickname })));

const codesIn = ({ events }: Stage): readonly WarningCode[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));

test('a record of a run that cannot be corrected, where not all of its plan was done', async () => {
  const stage = await open();
  const { faults } = stage.sandbox;
  faults.add({ kind: 'error', status: 400, body: 'json', match: { method: 'PUT', path: '/users/*/patch' } });
  const emit: EmitRunEvent = (event) => {
    // By then the lease and the record of what is to be used are written.
    if (event.type === 'action-ended' && codesIn(stage).length === 0)
      faults.add({
        kind: 'error',
        status: 403,
        body: 'json',
        match: { path: '/users/*/preferences*' },
        times: Infinity,
      });
    stage.events.push(event);
  };
  Object.assign(stage.ports, { emit });

  const run = await stage.apply();

  expect(run.code).toBe(6);
  expect(codesIn(stage)).toEqual(['use-not-corrected']);
});

test('a memory of who is declared that cannot be written', async () => {
  const stage = await open();
  await stage.apply();
  const { dir } = await stateFiles(stage);
  // The draft cannot be written.
  await mkdir(join(dir, '.declared.json.tmp', 'x'), { recursive: true });
  await wish(stage, 'y');

  const run = await stage.apply();

  expect(run.code).toBe(0);
  expect(codesIn(stage)).toEqual(['declared-not-remembered']);
});

test('a newest journal that is broken, told by a plan before an apply refuses', async () => {
  const stage = await open();
  await stage.apply();
  const { journal } = await stateFiles(stage);
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, ['{}', ...lines.slice(1)].join('\n'));
  await wish(stage, 'y');

  expect((await stage.plan()).actions).toHaveLength(2);
  expect(codesIn(stage)).toEqual(['journal-broken']);
  await expect(stage.apply()).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' });
});
