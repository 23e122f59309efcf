/** Answers of servers and proxies that repeat what they were sent, in every form and place that an answer has. */
import type { DoorRule, Instead, Knock } from './leak-door.ts';

/** What was sent, as a careless server would show it. */
const sent = ({ method, path, headers, body }: Knock): string =>
  `${method} ${path} Authorization: ${headers.authorization ?? ''} ${body}`;

/** The secrets alone, so that they stand at the beginning, where a message is not cut. */
const secretsOf = ({ headers, body }: Knock): readonly string[] => {
  const passwords = [...body.matchAll(/"(?:new_)?password":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text]) => JSON.parse(text ?? '""') as string,
  );
  return [...passwords, headers.authorization?.replace('Bearer ', '') ?? ''];
};

const first = (knock: Knock): string => secretsOf(knock)[0] ?? '';

const error = (status: number, message: string, more: object = {}): Instead => ({
  status,
  body: JSON.stringify({
    id: 'api.context.error',
    message,
    detailed_error: message,
    request_id: 'r',
    status_code: status,
    ...more,
  }),
});

const page = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Instead => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: `<html><head><title>${text}</title></head><body><h1>${text}</h1><pre>${text}</pre></body></html>`,
});

const htmlEscaped = (text: string): string =>
  text.replace(/[&<>"'/é]/g, (char) =>
    char === 'é' ? '&eacute;' : char === '"' ? '&quot;' : `&#${char.charCodeAt(0)};`,
  );
const asciiEscaped = (text: string): string =>
  Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** Header values are Latin-1 without line ends. */
const header = (text: string): string => text.replace(/[^\x20-\xff]/g, '?');

/** By the place in the answer. */
export const echoes: Readonly<Record<string, (knock: Knock) => Instead>> = {
  'the message of an error': (k) => error(400, first(k)),
  'the message of an error, all of the request': (k) => error(403, sent(k)),
  'the message of a refused session': (k) => error(401, sent(k)),
  'the id of an error': (k) => error(400, 'no', { id: first(k) }),
  'the request id of an error': (k) => ({
    ...error(404, 'no', { request_id: first(k) }),
    headers: { 'x-request-id': header(first(k)) },
  }),
  'a page': (k) => page(502, sent(k)),
  'plain text': (k) => ({ status: 500, headers: { 'content-type': 'text/plain' }, body: `${first(k)}\n${sent(k)}` }),
  'a wrong type: text': (k) => ({ status: 200, body: JSON.stringify(first(k)) }),
  'a wrong type: a list': (k) => ({ status: 200, body: JSON.stringify([first(k), { a: sent(k) }]) }),
  'a wrong type: keys': (k) => ({ status: 200, body: JSON.stringify({ [first(k)]: { [sent(k)]: 1 } }) }),
  'a wrong type: every value': (k) => ({
    status: 201,
    body: JSON.stringify({ id: first(k), username: first(k), token: [first(k)], status: first(k), user_id: first(k) }),
  }),
  'JSON that is cut short': (k) => ({ status: 200, body: `{"id":"${first(k)}` }),
  'text for JSON': (k) => ({ status: 200, body: first(k) }),
  'a redirect': (k) =>
    page(302, '', { location: `https://${encodeURIComponent(first(k))}.example.com/${encodeURIComponent(first(k))}` }),
  headers: (k) => ({
    status: 429,
    headers: {
      'content-type': header(first(k)),
      'retry-after': header(first(k)),
      'x-version-id': header(first(k)),
      'www-authenticate': header(`Bearer realm="${first(k)}"`),
    },
    body: '',
  }),
};

/** By how the secret is written there. */
export const encodedEchoes: Readonly<Record<string, (knock: Knock) => Instead>> = {
  'a page, escaped': (k) => page(500, htmlEscaped(first(k))),
  base64: (k) => error(400, base64(first(k))),
  'base64 of the whole header': (k) => error(400, base64(`Bearer ${first(k)}`)),
  'base64url at another place': (k) => error(400, Buffer.from(`x${first(k)}`).toString('base64url')),
  hex: (k) => error(400, Buffer.from(first(k)).toString('hex').toUpperCase()),
  'a URL': (k) => error(400, `https://example.com/?q=${encodeURIComponent(first(k)).toLowerCase()}`),
  'JSON in JSON': (k) => error(400, JSON.stringify({ a: JSON.stringify([first(k)]) })),
  'JSON with escaped slashes': (k) => error(400, JSON.stringify(first(k)).replaceAll('/', '\\/')),
  'JSON in ASCII': (k) => error(400, asciiEscaped(first(k))),
  'HTML in a message': (k) => error(400, htmlEscaped(first(k))),
  backwards: (k) => error(400, Array.from(first(k)).toReversed().join('')),
  'backwards in base64': (k) =>
    error(
      400,
      Array.from(base64(first(k)))
        .toReversed()
        .join(''),
    ),
};

/** What answers of the server's own are turned into: a new token's secret in another place than its own. */
export const misplacedTokens: Readonly<Record<string, (secret: string, answer: object) => Instead>> = {
  'a text alone': (secret) => ({ status: 201, body: JSON.stringify(secret) }),
  'the id': (secret, answer) => ({ status: 201, body: JSON.stringify({ ...answer, id: secret }) }),
  'somebody else’s id': (secret, answer) => ({ status: 201, body: JSON.stringify({ ...answer, user_id: secret }) }),
  'the description': (secret, answer) => ({ status: 201, body: JSON.stringify({ ...answer, description: secret }) }),
  'a list': (secret, answer) => ({ status: 201, body: JSON.stringify([{ ...answer, token: [secret] }]) }),
  'a key': (secret) => ({ status: 201, body: JSON.stringify({ [secret]: true, token: { [secret]: secret } }) }),
  'an answer cut short': (_, answer) => ({ status: 201, body: JSON.stringify(answer).slice(0, -20) }),
  'text for JSON': (_, answer) => ({
    status: 201,
    headers: { 'content-type': 'text/html' },
    body: JSON.stringify(answer),
  }),
  'an error': (secret) => error(500, secret),
  'an error, in a sentence': (secret) => error(400, `the token ${secret} cannot be kept`),
};

export function misplacing(change: (secret: string, answer: object) => Instead): DoorRule {
  return {
    after: ({ method, path }, { status, body }) => {
      if (method !== 'POST' || !/^\/users\/\w+\/tokens$/.test(path) || status >= 300) return undefined;
      const answer = JSON.parse(body) as { token: string };
      return change(answer.token, answer);
    },
  };
}
