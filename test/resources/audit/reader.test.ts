/** What a reading of the server refuses: rows that moved between pages, and an e-mail that is none to the server. */
import { afterEach, expect, test } from 'vitest';
import { createClient, type ReadClient } from '../../../src/api/index.ts';
import { say } from '../../../src/model/messages/message.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createAuditReader } from '../../../src/resources/audit/reader.ts';
import { createLiveReader } from '../../../src/resources/index.ts';
import { type RecordingServer, sendJson, startRecordingServer } from '../../api/support/recording-server.ts';

const id = (number: number): string => String(number).padStart(26, 'a');
const hook = (number: number): object => ({ id: id(number), user_id: id(0), display_name: `hook ${number}` });
const token = (number: number): object => ({
  id: id(number),
  user_id: id(1000 + number),
  description: 'x',
  is_active: true,
});
const rows = (row: (number: number) => object, from: number, to: number): readonly object[] =>
  Array.from({ length: to - from }, (_, at) => row(from + at));

let server: RecordingServer;
afterEach(() => server.close());

/** A server whose listing at a path answers with these pages, one reading after the other; the last one again and again. */
async function serverOf(
  path: string,
  readings: ReadonlyArray<readonly [first: readonly object[], second: readonly object[]]>,
): Promise<ReadClient> {
  let reading = -1;
  server = await startRecordingServer(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://server');
    if (pathname !== `/api/v4${path}`) {
      sendJson(response, 200, []);
      return;
    }
    const page = Number(searchParams.get('page') ?? 0);
    if (page === 0) reading += 1;
    sendJson(response, 200, readings[Math.min(reading, readings.length - 1)]?.[page] ?? []);
  });
  const client = createClient({ url: server.url, token: new Secret('t'.repeat(26)) });
  return client.readOnly();
}

test('reads webhooks again when one of them stood on two pages', async () => {
  const client = await serverOf('/hooks/incoming', [
    [rows(hook, 0, 200), rows(hook, 199, 201)],
    [rows(hook, 0, 200), rows(hook, 200, 202)],
  ]);

  const { value = [], missing } = await createAuditReader(client).webhooks();

  expect({ missing, found: value.length }).toEqual({ missing: undefined, found: 202 });
});

test('says that webhooks were not read when one stood on two pages three times', async () => {
  const client = await serverOf('/hooks/incoming', [[rows(hook, 0, 200), rows(hook, 199, 201)]]);

  expect(await createAuditReader(client).webhooks()).toEqual({
    value: [],
    missing: say('ROWS_MOVED', { readings: 3 }).text,
  });
});

test('looks for owners of tokens again when a token stood on two pages', async () => {
  const client = await serverOf('/users/tokens', [
    [rows(token, 0, 200), rows(token, 199, 201)],
    [rows(token, 1, 201), rows(token, 201, 203)],
  ]);

  const owners = await createLiveReader(client, () => 0).owned.token.list();

  expect(owners === 'refused' ? 0 : owners.size).toBe(203);
  expect(server.requests).toHaveLength(4);
});

test('says that an e-mail which the server refuses is none to it', async () => {
  server = await startRecordingServer((_, response) =>
    sendJson(response, 400, { id: 'api.user.email', message: 'no' }),
  );
  const client = createClient({ url: server.url, token: new Secret('t'.repeat(26)) });

  await expect(createLiveReader(client.readOnly(), () => 0).userByEmail('ada@example.com')).rejects.toMatchObject({
    code: 'EMAIL_NOT_TAKEN',
  });
});
