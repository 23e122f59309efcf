/** What a checkout may decide, and what stays with the machine that reconciles it. */
import { describe, expect, test } from 'vitest';
import { readConfigText } from '../../src/config/load-config.ts';
import { configOnMachine } from '../../src/config/machine.ts';
import type { ConfigFile } from '../../src/model/generated/config-file.ts';

const read = (text: string): ConfigFile =>
  readConfigText({ name: 'muster.yaml', text: `version: 1\n${text}`, isInPlace: true }).config;

const checkout = read(`
server: https://evil.example.com
files: [people/*.yaml]
bundles: { it: { roles: [system_user] } }
bundle_files: [bundles.yaml]
policy: { min_admins: 3 }
secrets: { sinks: { vault: { command: [sh, -c, evil] } } }
approvals: approvals.yaml
waivers: waivers.yaml
reconcile:
  mode: enforce
  every: 5m
  time_zone: Asia/Tokyo
  jitter: 1s
  full_read: always
  windows: [{ rule: allow, from: "08:00", to: "18:00" }]
  suspend: { reason: move, by: grace, until: 2026-06-30 }
  git: { url: https://evil.example.com/x.git, branch: evil }
  notices: [{ to: evil }]
`);

const machine = read(`
server: https://chat.example.com
files: [other.yaml]
policy: { min_admins: 1 }
approvals: other.yaml
secrets: { dir: kept }
reconcile: { git: { url: https://git.example.com/it/chat.git, branch: main }, notices: [{ to: ops }] }
`);

describe('of a checkout and the machine', () => {
  const { reconcile, ...config } = configOnMachine(checkout, machine);

  test('the machine names the server, secrets, the branch and who is told', () => {
    expect(config).toMatchObject({ server: 'https://chat.example.com', secrets: { dir: 'kept' } });
    expect(reconcile).toMatchObject({ git: { branch: 'main' }, notices: [{ to: 'ops' }] });
    expect(JSON.stringify({ config, reconcile })).not.toContain('evil');
  });

  test('the checkout says what people are to have, whatever the machine says', () => {
    const { files, bundles, bundle_files, policy, approvals, waivers } = checkout;

    expect(config).toMatchObject({ files, bundles, bundle_files, policy, approvals, waivers });
  });

  test('the checkout says when, and what may be done, where the machine does not', () => {
    const { mode, every, time_zone, jitter, full_read, windows, suspend } = checkout.reconcile ?? {};

    expect(reconcile).toMatchObject({ mode, every, time_zone, jitter, full_read, windows, suspend });
  });
});

test('nothing of a checkout takes the place of what only the machine may say, where it says nothing', () => {
  const { secrets, reconcile } = configOnMachine(checkout, read('server: https://chat.example.com\n'));

  expect(secrets).toBeUndefined();
  expect(reconcile).not.toHaveProperty('git');
  expect(reconcile).not.toHaveProperty('notices');
});

test('what the machine says of reconcile comes first, field by field', () => {
  const own = read('reconcile: { mode: observe, jitter: 2s }\n');

  expect(configOnMachine(checkout, own).reconcile).toMatchObject({ mode: 'observe', jitter: '2s', every: '5m' });
});

test.each([
  ['an interval', 'every: 1h', { every: '1h' }],
  ['named moments', 'cron: "0 6 * * *"', { cron: '0 6 * * *' }],
])('%s of the machine replaces the schedule of the checkout, whichever it is', (_what, written, expected) => {
  for (const own of ['every: 5m', 'cron: "0 7 * * *"']) {
    const { reconcile } = configOnMachine(read(`reconcile: { ${own} }\n`), read(`reconcile: { ${written} }\n`));

    expect(reconcile).toEqual(expected);
  }
});

test('a server that the machine does not name is that of the checkout', () => {
  expect(configOnMachine(read('server: https://chat.example.com\n'), read('')).server).toBe('https://chat.example.com');
});
