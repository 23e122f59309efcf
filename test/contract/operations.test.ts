import { afterAll, beforeAll, describe, test } from 'vitest';
import { share } from '../support/suite.ts';
import { allCases } from './cases/all-cases.ts';
import { type ContractServers, openServers } from './support/servers.ts';

// The contract between the client, the sandbox and reality: each fact is held against the sandbox, and with
// `MUSTER_E2E_URL` against a running server (see test/e2e/target.ts for what it asks before it writes). There, cases
// that need another setting, a licence or a server of one's own are skipped, each with its reason.

let servers: ContractServers;
const skipped = new Map<string, string[]>();

beforeAll(async () => {
  servers = await openServers();
});

afterAll(async () => {
  if (servers.isReal) process.stderr.write(summary());
  await servers.close();
});

const isReal = process.env['MUSTER_E2E_URL'] !== undefined;

describe.each(Object.entries(allCases))('the operation %s', (operation, all) => {
  const cases = isReal ? all : share(all, 3);
  // oxlint-disable-next-line vitest/expect-expect -- each case expects for itself
  test.for(cases.map((one) => [one.title, one] as const))('%s', async ([title, one], context) => {
    const stage = await servers.stageFor(one);
    if (typeof stage === 'string') {
      skipped.set(stage, [...(skipped.get(stage) ?? []), `${operation}: ${title}`]);
      context.skip(stage);
      return;
    }
    try {
      await one.run(stage);
    } finally {
      await stage.close();
    }
  });
});

function summary(): string {
  const groups = [...skipped].map(
    ([reason, titles]) => `  ${reason}:\n${titles.map((title) => `    ${title}\n`).join('')}`,
  );
  return `contract against ${servers.version}; not shown here:\n${groups.join('')}`;
}
