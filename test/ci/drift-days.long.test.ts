/**
 * Drift, day after day: people change accounts by hand and put them right again, the server is down, the forge is down. There is
 * one issue, open while there is drift, and closed by the first look after it is gone.
 */
import { expect, test } from 'vitest';
import { systemClock } from '../../src/api/index.ts';
import { dayMs } from '../../src/model/duration.ts';
import { useFastTime } from '../support/fast-time.ts';
import { randomFrom } from '../support/read-fault-run.ts';
import { seedsOf } from '../support/seeds.ts';
import { names } from './support/gitops.ts';
import { openStage } from './support/stage.ts';

useFastTime();

const days = 90;

test(`in ${days} days of drift there is one issue, which is closed within one interval`, async () => {
  const stage = await openStage();
  const runner = await stage.team.runner();
  const { control, faults } = stage.team.sandbox;
  const below = randomFrom(seedsOf(1).first);
  const draw = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const changed = new Set<string>();
  const seen = { opened: 0, closed: 0, unread: 0, untold: 0 };
  let since: string | undefined;
  let wasOpen = false;

  for (let day = 0; day < days; day++) {
    await systemClock.sleep(dayMs);
    // On most days nothing happens; someone changes an account by hand, or all is put right again.
    const event = day < 2 ? 'change' : day === 3 ? 'right' : draw(['change', 'right', 'right', 'none', 'none', 'none']);
    if (event === 'change') changed.add(draw(names));
    if (event === 'right') changed.clear();
    for (const name of names) control.updateUser(name, { nickname: changed.has(name) ? 'changed by hand' : 'x' });
    const trouble = day < 4 ? 'none' : day === 4 ? 'server' : day === 5 ? 'forge' : draw([...troubles]);
    if (trouble === 'server') faults.add({ kind: 'error', status: 500, times: Number.POSITIVE_INFINITY });
    if (trouble === 'forge') stage.forge.faults.push(...Array.from({ length: 4 }, () => forgeDown));
    const before = structuredClone(stage.forge.issues);

    const { code } = await stage.job(['ci', 'drift', '--state', 'kept'], { name: 'schedule', runner });

    faults.clear();
    stage.forge.faults.splice(0);
    const { issues } = stage.forge;
    const open = issues.filter(({ isOpen }) => isOpen);
    expect(issues.length, `day ${day}`).toBeLessThan(2);
    expect(code, `day ${day}`).toBe(trouble === 'none' ? 0 : 5);
    if (trouble !== 'none') {
      seen[trouble === 'server' ? 'unread' : 'untold'] += 1;
      expect(issues, `day ${day}`).toEqual(before);
      continue;
    }
    expect(open.length, `day ${day}`).toBe(changed.size > 0 ? 1 : 0);
    const [issue] = open;
    if (issue !== undefined) {
      const told = /since `([^`]+)`/.exec(issue.body)?.[1];
      expect(issue.title).toContain(`(${changed.size} action${changed.size === 1 ? '' : 's'})`);
      if (wasOpen) expect(told, `day ${day}`).toBe(since);
      since = told;
    }
    seen.opened += !wasOpen && issue !== undefined ? 1 : 0;
    seen.closed += wasOpen && issue === undefined ? 1 : 0;
    wasOpen = issue !== undefined;
  }

  expect(seen.opened).toBeGreaterThanOrEqual(3);
  expect(seen.closed).toBeGreaterThanOrEqual(3);
  expect(seen.unread).toBeGreaterThanOrEqual(3);
  expect(seen.untold).toBeGreaterThanOrEqual(3);
  expect(stage.forge.issues).toHaveLength(1);
});

const troubles = ['none', 'none', 'none', 'none', 'none', 'none', 'none', 'none', 'server', 'forge'] as const;
const forgeDown = { when: /^GET .*\/issues$/, status: 503 };
