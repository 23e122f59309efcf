/** No fault of a server, and nothing that a server repeats, tells a secret. */
import { describe, expect, test } from 'vitest';
import { echoes, encodedEchoes, misplacedTokens, misplacing } from '../support/echoes.ts';
import { useFastTime } from '../support/fast-time.ts';
import { isWriteOfJob } from '../support/leak-door.ts';
import { echoChoices, expectNoLeakBy, expectNoLeakByEcho, serverFaults } from '../support/leak-strikes.ts';
import { applyAll, world } from '../support/leak-world.ts';

useFastTime();

describe('no fault of the server brings a secret out:', () => {
  // oxlint-disable-next-line vitest/expect-expect -- the strike expects
  test.each(Object.entries(serverFaults))('%s', async (_, fault) => {
    await expectNoLeakBy(fault);
  });

  test.each([0, 1, 3, 6, 9])('a session that ends after %i writes', async (writes) => {
    const opened = await world();
    let left = writes;
    opened.door.rule = {
      before: (knock) => {
        if (left === 0) knock.headers.authorization = 'Bearer ended';
        else if (isWriteOfJob(knock)) left -= 1;
        return undefined;
      },
    };

    const { stderr, stdout } = await opened.muster(applyAll);

    expect(stdout + stderr).toContain('401');
    expect(opened.leaks()).toEqual([]);
  });
});

describe('nothing that a server repeats is told:', () => {
  const rows = [
    ...Object.entries(echoes).map(([name, echo]) => ({ name, echo, chosen: echoChoices })),
    ...Object.entries(encodedEchoes).map(([name, echo]) => ({ name, echo, chosen: echoChoices.slice(0, 1) })),
  ];

  // oxlint-disable-next-line vitest/expect-expect -- the strike expects
  test.each(rows)('$name', async ({ echo, chosen }) => {
    await expectNoLeakByEcho(echo, chosen);
  });

  test.each(Object.entries(misplacedTokens))('a new token’s secret as %s', async (_, change) => {
    const opened = await world();
    opened.door.rule = misplacing(change);

    await opened.muster(applyAll);

    expect(opened.door.newTokens.size).toBeGreaterThan(0);
    expect(opened.leaks()).toEqual([]);
  });

  const readers = ['plan', 'doctor', 'import', 'explain ada', 'apply --yes', 'apply --resume --yes', 'undo --yes'];
  test.each(readers)('to %s', async (words) => {
    const opened = await world();
    for (const [i, echo] of Object.values({ ...echoes, ...encodedEchoes }).entries()) {
      opened.door.rule = { before: echo };
      await opened.muster([...words.split(' '), '--format', i % 2 === 0 ? 'text' : 'json']);
    }

    expect(opened.leaks()).toEqual([]);
  });
});
