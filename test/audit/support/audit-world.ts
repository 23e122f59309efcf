/** Small worlds for audits: nothing is wrong in them unless a test says so. */
import { makeAudit } from '../../../src/audit/make-audit.ts';
import { populationOf } from '../../../src/audit/population.ts';
import type {
  Activity,
  AuditReads,
  AuditSettings,
  LiveBot,
  LiveIntegration,
  LiveSession,
  Waiver,
} from '../../../src/model/audit.ts';
import { dayMs } from '../../../src/model/duration.ts';
import type { AuditReport, Completeness, Finding, ReadStatement } from '../../../src/model/generated/audit-report.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { AccountId } from '../../../src/model/user-values.ts';
import { kinds } from '../../../src/resources/index.ts';
import {
  type AccountOptions,
  admin,
  contextOf,
  entry,
  liveState,
  moment,
  planBeside,
  type World,
} from '../../support/build-states.ts';

export interface AuditWorld extends Omit<World, 'others'> {
  /** Of accounts whose activity is not that of everybody else: made a year ago, last used yesterday. */
  readonly activity?: Readonly<Record<AccountId, Activity>>;
  /** Of accounts whose sessions are not those of everybody else: one for each token, used yesterday. */
  readonly sessions?: Readonly<Record<AccountId, readonly LiveSession[]>>;
  readonly bots?: readonly LiveBot[];
  readonly webhooks?: readonly LiveIntegration[];
  readonly commands?: readonly LiveIntegration[];
  /** Reads that the server refused. */
  readonly missing?: readonly ('activity' | 'bots' | 'webhooks' | 'commands')[];
  readonly settings?: Partial<AuditSettings>;
  readonly waivers?: readonly Waiver[];
  /** Whether the two administrators that every world has are left out. */
  readonly isWithoutAdmins?: boolean;
}

export const daysAgo = (days: number): number => moment - days * dayMs;
export const yesterday: number = daysAgo(1);
export const dateAgo = (days: number): string => new Date(daysAgo(days)).toISOString().slice(0, 10);

/** Signs in with a second factor, as every administrator should. */
export const careful = (username: string, options: AccountOptions = {}): LiveUser =>
  admin(username, { mfa: 'on', ...options });

const admins = [careful('root'), careful('spare')];

export function auditOf(world: AuditWorld): AuditReport {
  const whole: World = {
    ...world,
    others: world.isWithoutAdmins === true ? [] : admins,
    memberships: { ...Object.fromEntries(admins.map(({ id }) => [id, { core: 'member' }])), ...world.memberships },
    entries: [...(world.isWithoutAdmins === true ? [] : [entry('root'), entry('spare')]), ...(world.entries ?? [])],
  };
  const all = liveState(whole);
  // Of a world that says nothing of places none were read: it is not said to have people without a team.
  const arePlacesRead = world.places !== undefined;
  const live = arePlacesRead ? all : { ...all, owned: { ...all.owned, membership: new Map() } };
  const reads = readsOf(world, [...live.users.values()]);
  const { desired, facts, policy } = contextOf(whole);
  const settings = { leaverHours: 24, tuned: {}, ...world.settings };
  return makeAudit({
    population: populationOf(live, planBeside(whole), reads),
    context: { desired, facts, policy, settings, nowMs: moment },
    kinds,
    waivers: world.waivers ?? [],
    completeness: { ...completeness, reads: reads.statements },
  });
}

/** `rule person` of each finding, in the order of the report. */
export const foundIn = ({ findings }: AuditReport): readonly string[] => findings.map(nameOf);

export const nameOf = ({ rule, person }: Finding): string => `${rule} ${person ?? '(server)'}`;

function readsOf(world: AuditWorld, users: readonly LiveUser[]): AuditReads {
  const { tokens = [], bots = [], webhooks = [], commands = [], missing = [] } = world;
  const people = users.filter(({ isBot }) => !isBot);
  const usual: Activity = { createdMs: daysAgo(365), lastMs: yesterday };
  const activity = new Map(people.map(({ id }) => [id, world.activity?.[id] ?? usual]));
  const sessionsOf = (id: AccountId): readonly LiveSession[] =>
    tokens
      .filter(({ userId }) => userId === id)
      .map((token) => ({ id: `session-of-${token.id}`, lastActivityMs: yesterday, token: token.id }));
  const sessions = new Map(
    users.map(({ id, values }) => [id, world.sessions?.[id] ?? (values.active ? sessionsOf(id) : [])]),
  );
  const isRead = (what: (typeof missing)[number]): boolean => !missing.includes(what);
  return {
    ...(isRead('activity') && { activity }),
    sessions,
    ...(isRead('bots') && { bots }),
    ...(isRead('webhooks') && { webhooks }),
    ...(isRead('commands') && { commands }),
    statements: missing.map((what): ReadStatement => ({ what, by: 'GET', found: 0, missing: 'refused' })),
  };
}

const completeness: Completeness = {
  tool: 'muster 0.1.0',
  run_by: { id: 'id-root', username: 'root' },
  server: { url: 'https://chat.example.com', key: 'server-key', version: '11.6.0' },
  began: '2026-06-15T12:00:00.000Z',
  ended: '2026-06-15T12:00:01.000Z',
  moment: '2026-06-15T12:00:00.000Z',
  files: ['users.yaml'],
  reads: [],
  requests: 1,
};
