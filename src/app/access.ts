import { type AccessSources, accessAt, accessNow } from '../audit/access/access-at.ts';
import { readObservations } from '../journal/observations.ts';
import type { AccessReport } from '../model/generated/access-report.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { endOf, isRealMoment } from '../model/written-moment.ts';
import { kinds, readServerKey } from '../resources/index.ts';
import { readPopulation } from './audit.ts';
import type { Server } from './connect.ts';
import { noFilesThen, readFilesThen } from './files-then.ts';
import { toldRuns } from './grants-given.ts';
import { loadDesired } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions, ServerPorts } from './ports.ts';
import { observedJustNow, type RecordOptions, recordObservation } from './record-observation.ts';
import { lookAtState } from './run-state.ts';
import { withServer } from './with-server.ts';

export interface AccessOptions extends Omit<InputOptions, 'atMs'>, ConnectionOptions, RecordOptions {
  /** A date, whose last moment in `policy.time_zone` is meant, or a moment; absent: now, which is read. */
  readonly moment?: string;
  /** Username or id. */
  readonly user?: string;
}

/**
 * Who had what at a moment, as far as recorded readings, journals and commits prove it; without a moment, who has what now.
 *
 * @throws {InputError} when the moment does not exist, or has not come yet
 */
export function access(options: AccessOptions, given: AppPorts): Promise<AccessReport> {
  return withServer(options, given, async (server) => {
    const { settings, client, ports } = server;
    const user = options.user?.toLowerCase();
    const who = user === undefined ? {} : { user };
    if (options.moment === undefined) return await readNow(server, options, who);
    const nowMs = ports.clock.now();
    const atMs = momentOf(options.moment, settings.policy.timeZone, nowMs);
    const key = await readServerKey(client.readOnly());
    const state = await lookAtState({ stateDir: options.stateDir, serverKey: key }, ports);
    const observations = state === undefined ? [] : await readObservations(state.store);
    const runs = state === undefined ? [] : await toldRuns(state.store);
    const then = await readFilesThen(settings, atMs, ports);
    return accessAt({ atMs, ...who }, { ...sourcesOf(server, key, ports), ...then, observations, runs });
  });
}

async function readNow(server: Server, options: AccessOptions, who: { readonly user?: string }): Promise<AccessReport> {
  const { settings, ports } = server;
  const beganMs = ports.clock.now();
  const { population } = await readPopulation(server, await loadDesired(settings, options, ports));
  const { live } = population;
  const observation = observedJustNow({ by: 'access', live, beganMs, asksEachOwner: true }, ports);
  const { key } = live.facts;
  if (options.record === true) await recordObservation(observation, key, options.stateDir, ports);
  const sources = { ...sourcesOf(server, key, ports), ...noFilesThen, runs: [] };
  return accessNow(observation, { atMs: observation.endedMs, ...who }, sources);
}

const sourcesOf = (
  { client }: Server,
  key: string,
  { toolVersion }: ServerPorts,
): Pick<AccessSources, 'kinds' | 'tool' | 'server'> => ({
  kinds,
  tool: `muster ${toolVersion}`,
  server: { url: client.url, key },
});

function momentOf(text: string, timeZone: string, nowMs: number): number {
  if (!isRealMoment(text)) throw new InputError([refuse('access-moment', { is: 'no-date', text: text.slice(0, 40) })]);
  // The last moment of a day: what came about during it counts.
  const atMs = text.length === 10 ? endOf(text, timeZone) - 1 : Date.parse(text);
  if (atMs <= nowMs) return atMs;
  throw new InputError([refuse('access-moment', { is: 'not-over', text })]);
}
