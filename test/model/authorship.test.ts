import { describe, expect, test } from 'vitest';
import {
  type AuthorshipStatus,
  authorshipOf,
  authorshipRows,
  namedBy,
  type ToldCommit,
  type ToldOrigin,
  worstOf,
} from '../../src/model/authorship.ts';
import type { Approver } from '../../src/model/identity.ts';

const approvers: readonly Approver[] = [
  { name: 'grace', emails: ['grace@example.com'], keys: [] },
  { name: 'ada', emails: ['ada@example.com'], keys: [] },
];
const trusted = {
  signers: new Map([
    ['SHA256:grace', ['grace']],
    ['SHA256:ada', ['ada']],
  ]),
  merges: new Set(['SHA256:forge']),
};
const grace = namedBy('grace', approvers);

function committed(email: string, signature: ToldCommit['signature'] = { state: 'unsigned' }): ToldOrigin {
  return { state: 'committed', commit: { hash: '1f2e3d4c', author: { name: 'Grace', email }, signature } };
}
const by = (key: string): ToldCommit['signature'] => ({ state: 'verified', key: `SHA256:${key}` });

describe('the authorship of a line is', () => {
  const rows: ReadonlyArray<readonly [what: string, origin: ToldOrigin, status: AuthorshipStatus]> = [
    ['signed by a key of the person who is named', committed('anyone@example.com', by('grace')), 'signed'],
    ['merged by the forge for the person who is named', committed('GRACE@example.com', by('forge')), 'merged'],
    ['the author alone, without a signature', committed('grace@example.com'), 'author'],
    [
      'the author alone, with a signature by a key of another approver',
      committed('grace@example.com', by('ada')),
      'author',
    ],
    [
      'the author alone, with a signature that cannot be verified',
      committed('grace@example.com', { state: 'not verifiable', key: 'SHA256:grace', why: 'x' }),
      'author',
    ],
    ['another author, without a signature', committed('ada@example.com'), 'another-author'],
    ['another author, signed by a key of the author', committed('ada@example.com', by('ada')), 'another-author'],
    ['another author, merged by the forge', committed('ada@example.com', by('forge')), 'another-author'],
    [
      'another author, with the name of the person and another address',
      committed('grace@evil.example'),
      'another-author',
    ],
    ['not committed', { state: 'not committed', why: 'x' }, 'not-committed'],
    ['not verifiable in a shallow clone', { state: 'not verifiable', why: 'the clone is shallow' }, 'not-verifiable'],
  ];

  test.each(rows)('%s', (_, origin, status) => {
    expect(authorshipOf(origin, grace, trusted).status).toBe(status);
  });

  test.each(['Grace <ada@example.com>', 'grace <eve@evil.example>', 'eve'])(
    'never proof where %s is named: it is no one approver',
    (name) => {
      for (const email of ['grace@example.com', 'ada@example.com', 'eve@evil.example'])
        for (const key of ['grace', 'ada', 'forge']) {
          const { status } = authorshipOf(committed(email, by(key)), namedBy(name, approvers), trusted);
          expect(authorshipRows[status].proves).toBe(false);
        }
    },
  );

  test.each(['Grace <grace@example.com>', 'GRACE@example.com', '@grace'])('proof where %s is named', (name) => {
    const named = namedBy(name, approvers);

    expect(authorshipOf(committed('x@example.com', by('grace')), named, trusted).status).toBe('signed');
  });

  test('as bad as the worst of its lines', () => {
    const all = (Object.keys(authorshipRows) as AuthorshipStatus[]).map((status) => ({ status }));

    expect(worstOf(all)).toEqual({ status: 'not-verifiable' });
    expect(worstOf(all.slice(0, 3).toReversed())).toEqual({ status: 'author' });
    expect(worstOf([{ status: 'signed' }, { status: 'signed' }])).toEqual({ status: 'signed' });
    expect(worstOf([]).status).toBe('not-verifiable');
  });

  test('proof only where a signature is one', () => {
    const proofs = Object.entries(authorshipRows).filter(([, { proves }]) => proves);

    expect(proofs.map(([status]) => status)).toEqual(['signed', 'merged']);
  });
});
