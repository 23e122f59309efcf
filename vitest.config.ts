import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/temporary-folder.ts'],
    testTimeout: 30_000,
    // Of two processors the default leaves one unused. A server of one's own is for one run at a time.
    maxWorkers: process.env['MUSTER_E2E_URL'] === undefined ? '100%' : 1,
    coverage: { provider: 'v8', include: ['src/**'], exclude: ['src/*/generated/**'] },
  },
});

export default config;
