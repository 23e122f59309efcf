/** Each trap of teams, channels and their members that the API has is a test with a number; this table says which there are. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** By the block of tests, the first and the last number. */
const traps: Readonly<Record<string, readonly [file: string, first: number, last: number]>> = {
  'leaving a team': ['team-traps', 1, 9],
  'joining a team': ['team-traps', 10, 28],
  'a batch': ['team-traps', 29, 36],
  'a team that is bound to groups': ['team-traps', 37, 40],
  'roles in a team': ['team-traps', 41, 48],
  guests: ['team-traps', 49, 51],
  'teams themselves': ['team-traps', 52, 58],
  'joining a channel': ['channel-traps', 59, 72],
  'leaving a channel': ['channel-traps', 73, 80],
  'roles in a channel': ['channel-traps', 81, 83],
  'channels themselves': ['channel-traps', 84, 92],
  'an account': ['reading-traps', 93, 100],
  'a team': ['reading-traps', 101, 111],
  'a channel': ['reading-traps', 112, 119],
};

/** By block, the numbers at the beginning of the titles of its tests. */
async function numbersIn(file: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const text = await readFile(`test/sandbox/${file}.test.ts`, 'utf8');
  const blocks = text.split(/^describe\('trap of /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const name = block.slice(0, block.indexOf("'"));
      const numbers = [...block.matchAll(/^ {2}(?:test|\])\S*\(\s*['"`](\d+): /gm)].map(([, number]) => Number(number));
      return [name, [...new Set(numbers)]];
    }),
  );
}

test('119 traps are tests, each under its number', async () => {
  const found = new Map<string, readonly number[]>();
  for (const file of ['team-traps', 'channel-traps', 'reading-traps'])
    for (const [block, numbers] of await numbersIn(file)) found.set(`${file}: ${block}`, numbers);

  const wanted = Object.entries(traps).map(([block, [file, first, last]]): [string, readonly number[]] => [
    `${file}: ${block}`,
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  ]);
  expect([...found]).toEqual(wanted);
  expect(wanted.flatMap(([, numbers]) => numbers)).toHaveLength(119);
});
