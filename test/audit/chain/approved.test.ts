import { describe, expect, test } from 'vitest';
import { type ApprovedFacts, approvedStep } from '../../../src/audit/chain/approved.ts';
import type { ChainStep } from '../../../src/model/generated/chain-report.ts';

const person = (name: string): { readonly name: string; readonly email: string; readonly at: string } => ({
  name,
  email: `${name}@example.com`,
  at: '2027-03-01T08:00:00.000Z',
});

type Commit = ApprovedFacts['declared'];
type Signed = Commit['signature'];

const unsigned: Signed = { state: 'unsigned' };
const signedBy = (key: string): Signed => ({ state: 'verified', key });

const commit = (hash: string, author: string, signature = unsigned, committer = author): Commit => ({
  hash,
  author: person(author),
  committer: person(committer),
  signature,
});

const trusted: ApprovedFacts['trusted'] = {
  signers: new Map([
    ['of-grace', ['grace']],
    ['of-ada', ['ada']],
    ['shared', ['grace', 'ada']],
  ]),
  merges: new Set(['of-forge']),
};
const approvers = ['grace', 'ada'].map((name) => ({ name, emails: [`${name}@example.com`], keys: [] }));

/** Of the account ben; the line was brought by a commit of ada's, unless another is given. */
const stepOf = (arrival: Commit, declared: Commit = commit('d', 'ada')): ChainStep =>
  approvedStep({ declared, arrival, trusted, approvers, names: ['ben', 'ben@example.com'] });

describe('who approved a commit is proven', () => {
  test.each<[string, Commit, Commit | undefined, string]>([
    ['by the forge’s signature of their merge', commit('m', 'grace', signedBy('of-forge')), undefined, 'grace <grace'],
    ['by their own signature of the merge', commit('m', 'grace', signedBy('of-grace')), undefined, 'grace'],
    [
      'by their own signature of the commit that someone else wrote',
      commit('d', 'ada', signedBy('of-grace'), 'grace'),
      commit('d', 'ada', signedBy('of-grace'), 'grace'),
      'grace',
    ],
  ])('%s', (_, arrival, declared, by) => {
    const step = stepOf(arrival, declared);

    expect(step).toMatchObject({ step: 'approved', state: 'proven', commit: arrival.hash, signature: 'verified' });
    expect(step.by).toContain(by);
  });
});

test('that nothing proves the author of what was merged is said', () => {
  const arrival = commit('m', 'grace', signedBy('of-forge'));

  expect(stepOf(arrival).text).toBe('merged; nothing proves its author');
  expect(stepOf(arrival, commit('d', 'ada', signedBy('of-ada'))).text).toBe('merged');
});

describe('who approved a commit is unknown', () => {
  test.each<[string, Commit, Commit | undefined, string]>([
    ['where its author merged it', commit('m', 'ada', signedBy('of-forge')), undefined, 'merged by its author'],
    [
      'where the person who committed it merged it, whatever author it names',
      commit('m', 'grace', signedBy('of-forge')),
      commit('d', 'ada', unsigned, 'grace'),
      'merged by its author',
    ],
    [
      'where its author signed it',
      commit('d', 'ada', signedBy('of-ada')),
      commit('d', 'ada', signedBy('of-ada')),
      'signed by its author',
    ],
    ['where the person merged it whom it concerns', commit('m', 'ben', signedBy('of-forge')), undefined, 'concerns'],
    [
      'where the forge merged it as one commit',
      commit('d', 'ada', signedBy('of-forge'), 'forge'),
      commit('d', 'ada', signedBy('of-forge'), 'forge'),
      'names its author alone',
    ],
    [
      'where the merge has no signature',
      commit('m', 'grace'),
      undefined,
      'nothing proves by whom: it has no signature',
    ],
    [
      'where a key that no one lists signed the merge',
      commit('m', 'grace', { state: 'not verifiable', key: 'x', why: 'its key is not a trusted one' }),
      undefined,
      'its key is not a trusted one',
    ],
    ['where two approvers share the key', commit('m', 'grace', signedBy('shared')), undefined, 'not one of one person'],
    ['where it was committed on the branch', commit('d', 'ada'), undefined, 'committed by its author, without a merge'],
    [
      'where someone else committed it on the branch',
      commit('d', 'ada', unsigned, 'eve'),
      commit('d', 'ada', unsigned, 'eve'),
      'committed by eve <eve@example.com>, without a merge',
    ],
  ])('%s', (_, arrival, declared, text) => {
    const step = stepOf(arrival, declared);

    expect(step).toMatchObject({ step: 'approved', state: 'unknown' });
    expect(step.text).toContain(text);
  });
});
