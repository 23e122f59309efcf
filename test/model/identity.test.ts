import { describe, expect, test } from 'vitest';
import { type Approver, identityOf, isKnownAs } from '../../src/model/identity.ts';

const approvers: readonly Approver[] = [
  { name: 'ops-lead', emails: ['ada@example.com', 'ada@home.example'], keys: [] },
  { name: 'bob', emails: ['bob@example.com'], keys: [] },
];

describe('a person who is named', () => {
  test.each(['ada', '@ada', ' Ada ', 'ADA', 'ada <someone@example.com>', 'Someone <ada>'])('by %s is ada', (by) => {
    expect(isKnownAs(identityOf(by, []), ['ada', 'ada@example.com'])).toBe(true);
  });

  test.each([
    'ceo, ada',
    'ceo (ada)',
    'ceo / ADA',
    'ceo and ada',
    'ａｄａ',
    'a\u200bda',
    'ada\u2060',
    'ceo; Ada <ada@example.com>',
  ])('by %j is ada, too: whatever else stands there, no one approves for themselves', (by) => {
    expect(isKnownAs(identityOf(by, []), ['ada'])).toBe(true);
  });

  test.each(['ada@example.com', 'ops-lead', 'Ops-Lead', 'x <ada@home.example>'])(
    'by %s has every address of the approver',
    (by) => {
      const identity = identityOf(by, approvers);

      for (const word of ['ops-lead', 'ada@example.com', 'ADA@home.example'])
        expect(isKnownAs(identity, [word])).toBe(true);
      expect(isKnownAs(identity, ['bob', 'bob@example.com'])).toBe(false);
    },
  );

  test('is no one whose words are empty or missing', () => {
    expect(isKnownAs(identityOf('', approvers), ['', undefined])).toBe(false);
    expect(isKnownAs(identityOf('<>', approvers), ['', undefined, 'bob'])).toBe(false);
    expect(isKnownAs(identityOf('ada', approvers), [])).toBe(false);
  });
});
