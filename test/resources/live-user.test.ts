import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUser } from '../../src/api/decode-users.ts';
import { toLiveUser } from '../../src/resources/live-user.ts';
import { user } from '../api/support/samples.ts';

const text = fc.oneof(fc.constantFrom('', 'ada', 'Ada', 'Ada ', 'e\u0301', '\u00e9'), fc.string());
const texts = fc.record(
  { username: text, email: text, first_name: text, last_name: text, nickname: text, position: text, locale: text },
  { requiredKeys: [] },
);

test('an account is what the server says, whatever is expected of it', () => {
  fc.assert(
    fc.property(texts, texts, (own, expected) => {
      const account = decodeUser({ ...user, ...own });

      expect(toLiveUser(account, undefined, expected)).toEqual(toLiveUser(account));
      expect(toLiveUser(account).values).toMatchObject(own);
    }),
  );
});
