import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';

/**
 * The name of a file says which suite it is of: `*.long.test.ts` takes long by nature (campaigns, kills, sizes, every
 * cell of a matrix) and is what `npm run test:long` runs; all others are what `npm test` runs, and stay cheap together.
 */
const long = 'test/**/*.long.test.ts';
const all = 'test/**/*.test.ts';

const setupFiles = ['test/support/after-each.ts', 'test/support/fixed-seed.ts', 'test/support/still-sandboxes.ts'];

const minutesMs = 60_000;

type Suite = NonNullable<TestProjectInlineConfiguration['test']>;

const every: Suite = {
  // Examples name the package as its users do.
  alias: [{ find: /^mattermuster$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) }],
  // Files share a process: what all of them import is loaded once. A test leaves nothing behind that another one meets.
  isolate: false,
  // Tests make much garbage that dies young: a larger nursery is cleared less often.
  execArgv: ['--max-semi-space-size=64'],
  // Against hangs alone: how fast a machine is, or how busy, fails no test.
  testTimeout: 10 * minutesMs,
  hookTimeout: 10 * minutesMs,
  // Of two processors the default leaves one unused. A server of one's own is for one run at a time.
  maxWorkers: process.env['MUSTER_E2E_URL'] === undefined ? '100%' : 1,
};

const config: ViteUserConfig = defineConfig({
  test: {
    globalSetup: ['test/support/temporary-folder.ts'],
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/*/generated/**'] },
    projects: [
      {
        test: {
          ...every,
          name: 'short',
          provide: { suite: 'short' },
          include: [all],
          exclude: [long],
          setupFiles,
        },
      },
      { test: { ...every, name: 'long', provide: { suite: 'long' }, include: [long], setupFiles } },
    ],
  },
});

export default config;
