import { expect, test } from 'vitest';
import { parseProxy, resolveProxy } from '../../src/api/proxy.ts';

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
  ['ALL_PROXY where nothing else is set', 'https://chat.example.com', { ALL_PROXY: proxy }, proxy],
  ['ALL_PROXY for http, too', 'http://chat.example.com', { all_proxy: proxy }, proxy],
  ['a scheme before ALL_PROXY', 'https://chat.example.com', { HTTPS_PROXY: proxy, all_proxy: other }, proxy],
  [
    'ALL_PROXY beside one for another scheme',
    'https://chat.example.com',
    { HTTP_PROXY: other, ALL_PROXY: proxy },
    proxy,
  ],
  ['an exception from ALL_PROXY', 'https://chat.example.com', { ALL_PROXY: proxy, NO_PROXY: 'example.com' }, undefined],
  ['an empty variable before a full one', 'https://chat.example.com', { https_proxy: '', HTTPS_PROXY: proxy }, proxy],
  ['localhost, whatever ALL_PROXY says', 'http://localhost:8065', { ALL_PROXY: proxy }, undefined],
])('chooses the proxy for %s', (_, url, env, expected) => {
  expect(resolveProxy(url, env)).toBe(expected);
});

test.each([
  // Addresses of version 4.
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3:443', 'https://10.1.2.3', true],
  ['10.1.2.3:8443', 'https://10.1.2.3', false],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.9.9.9/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8:443', 'https://10.1.2.3', true],
  ['10.1.2.2/31', 'https://10.1.2.3', true],
  ['10.1.2.0/31', 'https://10.1.2.3', false],
  ['10.1.2.3/32', 'https://10.1.2.3', true],
  ['0.0.0.0/0', 'https://10.1.2.3', true],
  ['11.0.0.0/8', 'https://10.1.2.3', false],
  ['2.3', 'https://10.1.2.3', false],
  ['.3', 'https://10.1.2.3', false],
  ['2001:db8::/32', 'https://10.1.2.3', false],
  // Addresses of version 6.
  ['2001:db8::1', 'https://[2001:db8::1]', true],
  ['2001:DB8:0:0::1', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]:443', 'https://[2001:db8::1]', true],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', true],
  ['2001:db8::/32', 'https://[2001:db8::1]', true],
  ['[2001:db8::]/32', 'https://[2001:db8::1]', true],
  ['2001:db9::/32', 'https://[2001:db8::1]', false],
  ['::/0', 'https://[2001:db8::1]', true],
  ['10.0.0.0/8', 'https://[2001:db8::1]', false],
  // No networks.
  ['10.0.0.0/33', 'https://10.1.2.3', false],
  ['10.0.0.0/x', 'https://10.1.2.3', false],
  ['10.0.0.0/', 'https://10.1.2.3', false],
  ['10.0.0.0/8/8', 'https://10.1.2.3', false],
  ['10.0.0/8', 'https://10.1.2.3', false],
  ['2001:db8::/129', 'https://[2001:db8::1]', false],
  ['[', 'https://[2001:db8::1]', false],
  // No name is looked up.
  ['10.0.0.0/8', 'https://chat.example.com', false],
  // A dot at the end says no more than none.
  ['example.com.', 'https://chat.example.com', true],
  ['example.com', 'https://chat.example.com.', true],
  ['.', 'https://chat.example.com', false],
  ['example.com\t10.0.0.0/8', 'https://10.1.2.3', true],
])('NO_PROXY=%s excepts %s: %s', (noProxy, url, isExcepted) => {
  expect(resolveProxy(url, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBe(isExcepted ? undefined : proxy);
});

test.each([
  ['http://proxy.example:3128', { uri: 'http://proxy.example:3128', host: 'proxy.example:3128' }],
  ['proxy.example:3128', { uri: 'http://proxy.example:3128', host: 'proxy.example:3128' }],
  ['localhost:3128', { uri: 'http://localhost:3128', host: 'localhost:3128' }],
  ['10.0.0.1:3128', { uri: 'http://10.0.0.1:3128', host: '10.0.0.1:3128' }],
  ['[::1]:3128', { uri: 'http://[::1]:3128', host: '[::1]:3128' }],
  ['HTTPS://Proxy.Example', { uri: 'https://proxy.example', host: 'proxy.example' }],
  [
    'ada:pw@proxy.example:3128',
    { uri: 'http://proxy.example:3128', host: 'proxy.example:3128', authorization: 'Basic YWRhOnB3' },
  ],
])('the proxy %s is read as %j', (text, expected) => {
  expect(parseProxy(text)).toEqual(expected);
});

test.each([
  ['socks5://ada:hunter2@proxy.example:1080', /found socks5:\/\/proxy\.example:1080$/],
  ['socks://proxy.example', /found socks:\/\/proxy\.example$/],
  ['ftp://proxy.example', /found ftp:\/\/proxy\.example$/],
  ['http://ada:hunter2@', /expected an http or https URL$/],
  ['ada:hunter2@proxy example', /expected an http or https URL$/],
])('the proxy %s is refused with what it has to be, and its password is not told', (text, expected) => {
  expect(() => parseProxy(text)).toThrow(
    expect.objectContaining({
      code: 'API_INVALID_ARGUMENT',
      message: expect.stringMatching(expected) as string,
      hint: expect.stringContaining('http') as string,
    }),
  );
  expect(() => parseProxy(text)).not.toThrow('hunter2');
});
