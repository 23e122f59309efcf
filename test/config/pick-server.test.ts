import { describe, expect, test } from 'vitest';
import { readConfigText } from '../../src/config/load-config.ts';
import { pickServer, sideOfServer } from '../../src/config/pick-server.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { InputError } from '../../src/model/problem.ts';

const configDir = '/repo';
const read = (text: string): ReturnType<typeof readConfigText> =>
  readConfigText({ name: 'muster.yaml', text, isInPlace: true });

const two = `version: 1
files: [shared.yaml]
policy:
  min_admins: 3
  protect: [linus]
  budgets: { create: { cap: 1 }, update: { cap: 2 } }
reconcile: { every: 15m, mode: enforce }
secrets:
  dir: kept
  sinks: { vault: { command: [vault, put, "{server}/{user}"] } }
servers:
  eu:
    url: https://eu.example.com
    files: [eu.yaml]
    policy: { min_admins: 1, budgets: { create: { cap: 9 } } }
    reconcile: { cron: "0 6 * * *" }
  us: {}
`;

describe('a server among several', () => {
  const settings = (name: string): ReturnType<typeof resolveSettings> => {
    const { config } = pickServer({ ...read(two), dir: configDir }, name);
    const env = { MUSTER_SERVER: 'https://other.example.com' };
    return resolveSettings({ flags: {}, env, config, name, configDir, workingDir: configDir });
  };

  test('says things for itself, field by field and budget by budget', () => {
    const { servers, files, policy, reconcile } = settings('eu');

    expect(servers).toEqual([{ value: 'https://eu.example.com', from: 'config' }]);
    expect(files.value).toEqual(['eu.yaml']);
    expect(policy).toMatchObject({ minAdmins: 1, protect: ['linus'] });
    expect(policy.budgets).toMatchObject({ create: { cap: 9 }, update: { cap: 2 } });
    expect(reconcile).toMatchObject({ mode: 'enforce', schedule: { cron: '0 6 * * *' } });
  });

  test('is as the rest of the file says where it says nothing, and never goes where MUSTER_SERVER says', () => {
    const { servers, files, policy, reconcile } = settings('us');

    expect(servers).toEqual([]);
    expect(files.value).toEqual(['shared.yaml']);
    expect(policy).toMatchObject({ minAdmins: 3 });
    expect(reconcile).toMatchObject({ schedule: { everyMs: 900_000 } });
  });

  test('has a folder of secrets of its own, and a name in commands', () => {
    const { secrets } = settings('us');

    expect(secrets.dir).toBe('/repo/kept/us');
    expect(secrets.sinks).toMatchObject({ vault: { command: ['vault', 'put', 'us/{user}'] } });
  });

  test('is named at the lines that say it', () => {
    const { positionOf } = sideOfServer(read(two), 'eu');

    expect(positionOf?.(['policy', 'min_admins']).line).toBe(15);
    expect(positionOf?.(['policy', 'protect']).line).toBe(5);
    expect(positionOf?.(['policy', 'budgets', 'update', 'cap']).line).toBe(6);
    expect(positionOf?.(['server']).line).toBe(13);
  });
});

test.each([
  ['by name', 'eu'],
  ['by address', 'https://EU.example.com/'],
])('is picked %s', (_, asked) => {
  expect(pickServer({ ...read(two), dir: configDir }, asked).name).toBe('eu');
});

test('a server that is new in a pull request is locked where any was locked before', () => {
  const { config } = sideOfServer(read(`version: 1\nservers:\n  eu: { policy: { locked: true } }\n`), 'new');

  expect(config.policy?.locked).toBe(true);
});

test.each([
  ['server beside servers', 'server: https://a.example\nservers: { eu: {} }\n', 'cannot stand in one file'],
  [
    'one server twice',
    'servers: { eu: { url: "https://a.example" }, us: { url: "https://A.example/" } }\n',
    'eu and us are the same server',
  ],
  ['a name that means another variable', 'servers: { file-eu: {} }\n', 'expected at most 40'],
  ['names that share a variable', 'servers: { a_b: {} }\n', 'expected at most 40'],
  ['a password in an address', 'servers: { eu: { url: "https://u:p@a.example" } }\n', 'no plain address'],
  ['a time zone that is none', 'servers: { eu: { reconcile: { time_zone: Mars } } }\n', 'no time zone Mars'],
])('refuses %s', (_, text, message) => {
  const failure = (): unknown => read(`version: 1\n${text}`);

  expect(failure).toThrow(InputError);
  expect(failure).toThrow(message);
});
