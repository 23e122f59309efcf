/** How a use case gets at its server: settings, files, token, connection, in this order, and events that say where they come from. */
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/app/apply.ts';
import type { AppPorts, Credentials } from '../../src/app/ports.ts';
import { withServer, withServerAfter } from '../../src/app/with-server.ts';
import type { RunEvent } from '../../src/model/run-event.ts';
import { Secret } from '../../src/model/secret.ts';
import { crowd, openStage, type Stage } from '../apply/support/stage.ts';

const withoutToken = ({ ports }: Stage): AppPorts => ({ ...ports, env: { ...ports.env, MUSTER_TOKEN: undefined } });

/** Where events come from, each place once. */
const originsOf = (events: readonly RunEvent[]): readonly unknown[] => [
  ...new Set(events.map(({ server, run }) => JSON.stringify({ server, run }))),
];

describe('the token', () => {
  test('comes from the environment', async () => {
    const stage = await openStage();

    const me = await withServer({}, stage.ports, ({ client }) => client.users.me());

    expect(me.roles).toContain('system_admin');
  });

  test('is asked for of the credentials of the ports, by the server that is connected to', async () => {
    const stage = await openStage();
    const asked: string[] = [];
    const credentials: Credentials = {
      credentialFor: (servers) => {
        asked.push(...servers.map(({ value }) => value));
        return Promise.resolve({ url: stage.sandbox.url, token: new Secret(stage.sandbox.adminToken) });
      },
    };

    const me = await withServer({}, { ...withoutToken(stage), credentials }, ({ client }) => client.users.me());

    expect(me.roles).toContain('system_admin');
    expect(asked).toEqual([stage.sandbox.url]);
  });

  test('is not asked for before the files are read', async () => {
    const stage = await openStage();
    const load = (): Promise<never> => Promise.reject(new Error('the files'));

    await expect(withServerAfter({}, withoutToken(stage), load, () => Promise.resolve())).rejects.toThrow('the files');
  });
});

describe('events', () => {
  async function staged(): Promise<Stage> {
    const stage = await openStage({ users: crowd(2).map((username) => ({ username })) });
    await stage.declare(crowd(2).map((username) => ({ username, nickname: 'x' })));
    return stage;
  }

  test('of a plan name the server', async () => {
    const stage = await staged();

    await stage.plan();

    expect(originsOf(stage.events)).toEqual([JSON.stringify({ server: { url: stage.sandbox.url } })]);
  });

  test('of an apply name the server, and from its beginning on the run', async () => {
    const stage = await staged();

    const { journal } = await apply({ confirm: () => Promise.resolve(true) }, stage.ports);

    const server = { url: stage.sandbox.url };
    expect(journal?.run).toMatch(/^000001-/);
    expect(originsOf(stage.events)).toEqual([
      JSON.stringify({ server }),
      JSON.stringify({ server, run: journal?.run }),
    ]);
    expect(stage.events.find(({ run }) => run !== undefined)?.type).toBe('apply-started');
  });

  test('of cleaning up name the run that is cleaned up', async () => {
    const stage = await staged();
    const { journal } = await apply({ confirm: () => Promise.resolve(true) }, stage.ports);
    stage.events.length = 0;

    await stage.apply();

    expect(stage.events.filter(({ type }) => type === 'waiting')).toMatchObject([{ run: journal?.run }]);
  });
});
