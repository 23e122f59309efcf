/** A web page that makes its name point to this machine must not read what the sandbox answers. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';

let sandbox: Sandbox;
let port: number;

beforeEach(async () => {
  sandbox = await startSandbox();
  port = Number(new URL(sandbox.url).port);
});

afterEach(() => sandbox.close());

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(host: string, path = '/api/v4/users/me'): Promise<Answer> {
  const headers = { host, authorization: `Bearer ${sandbox.adminToken}` };
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (part: string) => {
        text += part;
      });
      reply.on('end', () => resolve({ status: reply.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the sandbox', () => {
  test.each(['127.0.0.1', 'localhost', 'LocalHost', '[::1]'])('answers who asks for %s with its port', async (name) => {
    expect(await ask(`${name}:${port}`)).toMatchObject({ status: 200 });
  });

  test.each([
    ['a name of somebody else', () => `evil.example.com:${port}`],
    ['a name without a port', () => 'evil.example.com'],
    ['a name that begins like its own', () => `localhost.evil.example.com:${port}`],
    ['a name that ends like its own', () => `evil-localhost:${port}`],
    ['an address of somebody else', () => `192.0.2.1:${port}`],
    ['another address of IPv6', () => `[2001:db8::1]:${port}`],
    ['every address', () => `0.0.0.0:${port}`],
    ['another port', () => `localhost:${port === 65_535 ? 1 : port + 1}`],
    ['no port', () => 'localhost'],
  ])('refuses who asks for %s, in a few words', async (_, host) => {
    for (const path of ['/api/v4/users/me', '/api/v4/system/ping', '/']) {
      const { status, text } = await ask(host(), path);

      expect(status).toBe(403);
      expect(text.length).toBeLessThan(60);
    }
    expect(sandbox.requests).toEqual([]);
  });

  test.each([
    ['nobody', () => ''],
    ['an empty name', () => 'Host:'],
    ['a port that is no number', () => `Host: localhost:${port}x`],
    ['a user before the name', () => `Host: localhost:${port}@evil.example.com`],
  ])('refuses, in whatever way, who asks for %s', async (_, line) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const lines = ['GET /api/v4/system/ping HTTP/1.0', line(), ''].filter((one, i) => one !== '' || i === 2);
      const socket = connect(port, '127.0.0.1', () => socket.end(`${lines.join('\r\n')}\r\n`));
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => {
        text += part;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });

    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(sandbox.requests).toEqual([]);
  });
});
