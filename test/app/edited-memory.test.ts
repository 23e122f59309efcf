/** A few of the edits that the long suite tries by the thousand. */
import { expect, test } from 'vitest';
import { runAfterEdit } from './support/edited-memory.ts';

const runs = 4;

test('whatever is edited of a plan file, the state directory or the notes on the server, only what is planned without the edit is written', async () => {
  const codes: unknown[] = [];
  let writes = 0;

  for (let seed = 1; seed <= runs; seed++) {
    const edited = await runAfterEdit(seed);
    expect(edited.unplanned, `seed ${seed}: ${edited.verb} after an edit of ${edited.target}`).toEqual([]);
    codes.push(edited.code);
    writes += edited.writes;
  }

  expect(codes.filter((code) => code !== undefined).every((code) => [3, 4, 6, 7, 8, 10].includes(Number(code)))).toBe(
    true,
  );
  expect(writes).toBeGreaterThan(runs);
});
