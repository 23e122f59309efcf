import { expect, test } from 'vitest';
import { resolveProxy } from '../../src/api/proxy.ts';

const proxy = 'http://proxy.example:3128';
const other = 'http://other.example:3128';

test.each([
  ['https by HTTPS_PROXY', 'https://chat.example.com', { HTTPS_PROXY: proxy, HTTP_PROXY: other }, proxy],
  ['http by HTTP_PROXY', 'http://chat.example.com', { HTTPS_PROXY: other, HTTP_PROXY: proxy }, proxy],
  ['lower case first', 'https://chat.example.com', { https_proxy: proxy, HTTPS_PROXY: other }, proxy],
  ['nothing set', 'https://chat.example.com', {}, undefined],
  ['an empty variable', 'https://chat.example.com', { HTTPS_PROXY: '' }, undefined],
  ['localhost', 'http://localhost:8065', { HTTP_PROXY: proxy }, undefined],
  ['127.0.0.1', 'https://127.0.0.1', { HTTPS_PROXY: proxy }, undefined],
  ['[::1]', 'http://[::1]:8065', { HTTP_PROXY: proxy }, undefined],
  ['an exception by name', 'https://chat.example.com', { HTTPS_PROXY: proxy, NO_PROXY: 'chat.example.com' }, undefined],
  [
    'an exception by domain',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: 'a.b, example.com' },
    undefined,
  ],
  ['an exception with a dot', 'https://chat.example.com', { HTTPS_PROXY: proxy, no_proxy: '.example.com' }, undefined],
  [
    'an exception with a star',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: '*.example.com' },
    undefined,
  ],
  [
    'an exception in capitals',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: 'CHAT.Example.COM' },
    undefined,
  ],
  ['everything excepted', 'https://chat.example.com', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
  [
    'an exception for this port',
    'https://chat.example.com:8443',
    { HTTPS_PROXY: proxy, NO_PROXY: 'example.com:8443' },
    undefined,
  ],
  [
    'an exception for the default port',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: 'example.com:443' },
    undefined,
  ],
  [
    'an exception for another port',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: 'example.com:8443' },
    proxy,
  ],
  ['the end of another name', 'https://chat.notexample.com', { HTTPS_PROXY: proxy, NO_PROXY: 'example.com' }, proxy],
  [
    'an exception for somebody else',
    'https://chat.example.com',
    { HTTPS_PROXY: proxy, NO_PROXY: 'other.example.com' },
    proxy,
  ],
])('chooses the proxy for %s', (_, url, env, expected) => {
  expect(resolveProxy(url, env)).toBe(expected);
});
