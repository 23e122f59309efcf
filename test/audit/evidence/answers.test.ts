import { expect, test } from 'vitest';
import { type Answer, answerTexts } from '../../../src/audit/evidence/answers.ts';
import { Secret } from '../../../src/model/secret.ts';

const answer = (operation: string, data: unknown, more: Partial<Answer> = {}): Answer => ({
  operation,
  method: 'GET',
  path: '/things',
  status: 200,
  data,
  ...more,
});

const textOf = (answers: readonly Answer[], emails: 'show' | 'hide' = 'show'): string =>
  [...answerTexts(answers, emails).values()].join('');

test('answers stand in an order that does not depend on which came first', () => {
  const calls = ['/b', '/a', '/c?page=1', '/c?page=0'].map((path) => answer('users.pages', [path], { path }));
  const others = ['x', 'y'].map((term) =>
    answer('tokens.search', [], { method: 'POST', asked: JSON.stringify({ term }) }),
  );

  const texts = answerTexts([...calls, ...others], 'show');

  expect([...answerTexts([...others, ...calls].toReversed(), 'show')]).toEqual([...texts]);
  expect([...texts.keys()]).toEqual(['tokens.search', 'users.pages']);
  expect(
    texts
      .get('users.pages')
      ?.split('\n')
      .map((line) => /"call":"([^"]*)"/.exec(line)?.[1]),
  ).toEqual(['GET /a', 'GET /b', 'GET /c?page=0', 'GET /c?page=1', undefined]);
});

test('equal calls keep their order: what was counted before comes before what was counted after', () => {
  const text = textOf([answer('reports.count', 7), answer('reports.count', 3)]);

  expect(text).toBe('{"answer":7,"call":"GET /things","status":200}\n{"answer":3,"call":"GET /things","status":200}\n');
});

test('no secret stands in an answer: of sessions, settings, webhooks, and of calls that are not known', () => {
  const secret = 'q7kp3xw9zm4vt6rn2yhbd8fjcs';
  const text = textOf([
    answer('sessions.list', [
      { id: 'a session', props: { csrf: secret, os: 'Linux', user_access_token_id: 'a token' } },
    ]),
    answer('system.clientConfig', { GoogleDeveloperKey: secret, Version: '11.6.0', EnableLdap: 'true', Size: '50' }),
    answer('system.clientLicense', { Id: secret, IsLicensed: 'true' }),
    answer('webhooks.incomingPages', [{ id: secret, display_name: 'Builds' }]),
    answer('tokens.create', { token: secret }),
    answer('users.pages', [{ token: new Secret(secret) }]),
  ]);

  expect(text).not.toContain(secret.slice(0, 10));
  for (const kept of ['Linux', 'a token', '11.6.0', '"EnableLdap":"true"', '"Size":"50"', 'Builds', 'q7kp3x…'])
    expect(text).toContain(kept);
  expect(text).toContain('{"call":"GET /things","status":200}\n');
});

test('a refused call stands there with its status', () => {
  expect(textOf([answer('reports.count', undefined, { status: 403 })])).toBe('{"call":"GET /things","status":403}\n');
});

test('addresses are hidden everywhere, where that is asked for: in fields, texts, questions and paths', () => {
  const told = [
    answer(
      'users.getByEmail',
      { email: 'ada@example.com', auth_data: 'ada@idp.example.com', username: 'ada' },
      {
        path: '/users/email/ada%40example.com',
      },
    ),
    answer('tokens.search', [{ description: 'laptop of <ada@example.com>, old' }], {
      asked: JSON.stringify({ term: 'ada@example.com' }),
    }),
  ];

  expect(textOf(told)).toContain('GET /users/email/ada@example.com');
  expect(textOf(told, 'hide')).not.toContain('@');
  expect(textOf(told, 'hide')).toContain('"username":"ada"');
  expect(textOf(told, 'hide')).toContain('laptop of <(e-mail)>, old');
});
