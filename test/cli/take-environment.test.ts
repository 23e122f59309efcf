import { expect, test } from 'vitest';
import { takeEnvironment } from '../../src/cli/take-environment.ts';

test('secrets are taken out of the environment of the process, and known to who asked', () => {
  const given = {
    PATH: '/bin',
    MUSTER_SERVER: 'https://chat.example.com',
    MUSTER_TOKEN: 'a',
    MUSTER_TOKEN_FILE: 'b',
    MUSTER_TOKEN_EU: 'e',
    MUSTER_QUEUE_URL: 'postgres://f',
    MUSTER_SECRET_START: 'c',
    muster_secret_other: 'd',
  };
  const env: NodeJS.ProcessEnv = { ...given };

  expect(takeEnvironment(env)).toEqual(given);
  expect(env).toEqual({ PATH: '/bin', MUSTER_SERVER: 'https://chat.example.com' });
});
