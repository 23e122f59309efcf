/** A plan is used once, whatever runner it is used on: a note in the caller's own preferences. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, type WriteClient } from '../../../src/api/index.ts';
import { dayMs } from '../../../src/model/duration.ts';
import { Secret } from '../../../src/model/secret.ts';
import { isPlanNotedOnServer, notePlanUseOnServer } from '../../../src/resources/server/plan-uses.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';

let sandbox: Sandbox;
let client: WriteClient;
let caller: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  client = createClient({ url: sandbox.url, token: new Secret(sandbox.adminToken) });
  caller = (await client.users.me()).id;
});

afterEach(async () => {
  await client.close();
  await sandbox.close();
});

const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;
const isNoted = (digit: string): Promise<boolean> => isPlanNotedOnServer(client, caller, digestOf(digit));
const useOn = (day: number, digit: string): Promise<boolean> =>
  notePlanUseOnServer(client, caller, digestOf(digit), day * dayMs);

test('the first use of a plan is noted, and a second one is not taken for a first', async () => {
  expect(await isNoted('a')).toBe(false);
  expect(await useOn(1, 'a')).toBe(true);

  expect(await isNoted('a')).toBe(true);
  expect(await isNoted('b')).toBe(false);
  expect(await useOn(2, 'a')).toBe(false);
});

test('the note of a plan stays for as long as a plan can be valid, whatever is used meanwhile', async () => {
  await useOn(1, 'a');
  await useOn(8, 'b');
  await useOn(15, 'c');

  expect(await isNoted('a')).toBe(true);
});

test('the note of a plan that can be valid no more goes with the next use', async () => {
  await useOn(1, 'a');
  await useOn(17, 'b');

  expect(await isNoted('a')).toBe(false);
  expect(await isNoted('b')).toBe(true);
});
