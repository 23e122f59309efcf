import { resolve } from 'node:path';
import { ApiForbiddenError, type ReadClient } from '../api/index.ts';
import { approvedStep } from '../audit/chain/approved.ts';
import { drawSample } from '../audit/chain/draw.ts';
import { type LossFacts, lossOf } from '../audit/chain/loss.ts';
import {
  type AccountDeed,
  deedsByAccount,
  givenIn,
  type Leave,
  leaveIn,
  leaveSteps,
  notRecorded,
  runSteps,
} from '../audit/chain/steps.ts';
import { entriesIn } from '../desired/load-desired-state.ts';
import { type AuditSubject, ruleSettings } from '../model/audit.ts';
import { dayMs } from '../model/duration.ts';
import type { ChainReport, ChainSample, ChainStep, PersonChain, ServerLines } from '../model/generated/chain-report.ts';
import { namesOfAccount } from '../model/identity.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { accountKey } from '../model/review.ts';
import { endOf, isRealMoment } from '../model/written-moment.ts';
import { type ReadPopulation, readPopulation } from './audit.ts';
import { keysToTrust, trustedKeysOf } from './authorship.ts';
import type { Server } from './connect.ts';
import { firstSaidIn, type Said } from './declared-origin.ts';
import type { GitCommit } from './git-commit.ts';
import { type GitHistory, type LineOrigin, openGitHistory } from './git-history.ts';
import { grantsOfAll, toldRuns } from './grants-given.ts';
import { loadDesired } from './load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { lookAtState } from './run-state.ts';
import { withServerAfter } from './with-server.ts';

export interface PersonAuditOptions extends InputOptions, ConnectionOptions {
  readonly about: ChainReport['about'];
  /** Username or id; absent: a sample is drawn. */
  readonly user?: string;
  /** A date, whose last moment in `policy.time_zone` is meant, or a moment. */
  readonly leftOn?: string;
  readonly sample?: { readonly size: number; readonly seed: string };
  /** Absolute. */
  readonly stateDir?: string;
}

/** So far back people count as joiners and leavers of a sample. */
const periodMs = 365 * dayMs;

interface Found {
  readonly options: PersonAuditOptions;
  readonly read: ReadPopulation;
  readonly deeds: ReadonlyMap<string, readonly AccountDeed[]>;
  /** Why no step of a run is known, where none is. */
  readonly nowhere: string;
  readonly history: GitHistory;
  readonly entriesOf: Said['entriesOf'];
  readonly server: Server;
}

/**
 * The chain of one person, or of a sample: declared, approved, planned, applied, read back, and what the server says. Reads only.
 *
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 * @throws {InputError} when there is no such account
 */
export function auditPerson(options: PersonAuditOptions, given: AppPorts): Promise<ChainReport> {
  return withServerAfter(
    options,
    given,
    (settings) => loadDesired(settings, options, given),
    async (server, desired) => {
      const { settings, ports } = server;
      const read = await readPopulation(server, desired);
      const { completeness, context } = read;
      const state = await lookAtState({ stateDir: options.stateDir, serverKey: context.facts.key }, ports);
      const runs = state === undefined ? [] : await toldRuns(state.store);
      const deeds = deedsByAccount(runs, grantsOfAll);
      const history = await openGitHistory(settings.base, ports.env, keysToTrust(settings.policy));
      const entriesOf = entriesBefore(settings, context.desired.momentMs);
      const found: Found = { options, read, deeds, nowhere: notRecorded(runs), history, entriesOf, server };
      const { subjects, sample } = chosen(found);
      const people: PersonChain[] = [];
      for (const subject of subjects) people.push(await chainOf(subject, found));
      return {
        format: 'muster-chain/1',
        about: options.about,
        tool: completeness.tool,
        server: { url: completeness.server.url, key: completeness.server.key },
        moment: completeness.moment,
        leaver_hours: settings.audit.leaverHours,
        ...(sample !== undefined && { sample }),
        people,
        late: people.filter(({ loss }) => loss?.verdict === 'late').length,
        late_severity: ruleSettings(settings.audit, 'late-leaver').severity,
      };
    },
  );
}

/** Many people of a sample have come with the same commit. */
function entriesBefore({ policy, secrets }: Server['settings'], momentMs: number): Said['entriesOf'] {
  const known = new Map<string, ReturnType<Said['entriesOf']>>();
  return ({ hash, file }, text) => {
    const key = `${hash}:${file}`;
    if (!known.has(key))
      known.set(
        key,
        entriesIn(file, text, { policy, secrets, momentMs, bundles: new Map() })?.map((entry) => ({ ...entry })),
      );
    return known.get(key);
  };
}

function chosen({ options, read }: Found): { subjects: readonly AuditSubject[]; sample?: ChainSample } {
  const { about, user, sample } = options;
  const people = read.population.subjects.filter(({ account }) => !account.isBot && !account.isRemote);
  if (user !== undefined) {
    const name = user.toLowerCase();
    const subject = people.find(({ account, desired }) =>
      [account.id, account.values.username, desired?.username].includes(name),
    );
    if (subject === undefined) throw noSuchPerson(user);
    return { subjects: [subject] };
  }
  const { nowMs } = read.context;
  const isIn = (ms: number | undefined): boolean => ms !== undefined && ms <= nowMs && ms > nowMs - periodMs;
  const population = people.filter(({ account: { values, dates }, desired }) =>
    about === 'onboarding'
      ? isIn(dates?.createdMs)
      : isIn(dates?.inactiveSinceMs) || (values.active && isIn(desired?.dates?.endsMs)),
  );
  const of =
    about === 'onboarding'
      ? 'people whose accounts were made within 365 days'
      : 'people who became inactive within 365 days, or whose access ended then and who are active';
  const drawn = drawSample(
    population.map((subject) => ({ id: subject.account.id, subject })),
    { size: sample?.size ?? 25, seed: sample?.seed ?? '1', of },
  );
  return { subjects: drawn.people.map(({ subject }) => subject), sample: drawn.sample };
}

const noSuchPerson = (user: string): InputError =>
  new InputError([refuse('no-such-account', { is: 'audit', name: user.slice(0, 64) })]);

async function chainOf(subject: AuditSubject, found: Found): Promise<PersonChain> {
  const { options, deeds, nowhere, server } = found;
  const { account } = subject;
  const own = deeds.get(account.id) ?? [];
  const isJoining = options.about === 'onboarding';
  const ended = endedOf(subject, found);
  const leave = leaveIn(own, ended?.ms);
  return {
    person: account.values.username,
    account: account.id,
    steps: [
      ...(await declaredSteps(subject, found)),
      ...(isJoining ? runSteps(givenIn(own), 'given', { all: own, nowhere }) : leaveSteps(leave, nowhere)),
      serverStep(subject, options.about),
    ],
    ...(!isJoining && { loss: lossOf(lossFacts(subject, { ended, leave }, found)) }),
    server_lines: await serverLines(server.client.readOnly(), account.id),
  };
}

/** The commit since which it is declared, and who approved that. */
async function declaredSteps(subject: AuditSubject, found: Found): Promise<readonly ChainStep[]> {
  const { history, server } = found;
  const { place, why } = declaredAt(subject, found);
  const origin: LineOrigin =
    place === undefined || why !== undefined
      ? { state: 'not committed', why: why ?? '' }
      : await firstSaidIn(
          history,
          await history.lineOf(resolve(server.settings.base, place.file), place.line),
          saidOf(subject, found),
        );
  if (origin.state !== 'committed') {
    const text = why ?? `${origin.state}: ${origin.why}`;
    return [
      { step: 'declared', state: 'unknown', text, ...place },
      { step: 'approved', state: 'unknown', text: 'no commit is known that could have been approved' },
    ];
  }
  const { commit } = origin;
  const { hash, author, committer, subject: title, signature } = commit;
  return [
    {
      step: 'declared',
      state: 'proven',
      text: title,
      at: committer.at,
      by: author.name,
      ...place,
      commit: hash,
      signature: signature.state,
    },
    await approvedBy(subject, commit, found),
  ];
}

/** Of a person who joins: an entry for them. Of one who leaves: the same end. */
function saidOf({ account, desired }: AuditSubject, { options, entriesOf }: Found): Said {
  const isJoining = options.about === 'onboarding';
  const names = [account.values.username, desired?.username, ...(desired?.previousUsernames ?? [])];
  return {
    entriesOf,
    isOfPerson: ({ id, username }) => (id === undefined ? names.includes(username) : id === account.id),
    isSaid: ({ values, dates }) => isJoining || (values.active === false && dates?.endsMs === desired?.dates?.endsMs),
    lineIn: ({ line, activeLine }) => (isJoining ? line : activeLine),
  };
}

interface DeclaredAt {
  readonly place?: { readonly file: string; readonly line: number };
  /** Why no line declares it. */
  readonly why?: string;
}

function declaredAt({ desired }: AuditSubject, { options, read }: Found): DeclaredAt {
  if (desired === undefined) return { why: 'no entry stands for the account' };
  const isLeaving = options.about === 'offboarding';
  const { file, line } = read.context.desired.locate(desired, isLeaving ? 'active' : undefined);
  const place = { file, line };
  return isLeaving && desired.values.active !== false
    ? { place, why: 'the entry does not say that the person left' }
    : { place };
}

async function approvedBy(subject: AuditSubject, declared: GitCommit, found: Found): Promise<ChainStep> {
  const { history, server } = found;
  const { policy } = server.settings;
  const arrival = await history.arrivalOf(declared.hash);
  if ('state' in arrival) return { step: 'approved', state: 'unknown', text: `${arrival.state}: ${arrival.why}` };
  const names = namesOfAccount(subject.account.values);
  return approvedStep({ declared, arrival, trusted: trustedKeysOf(policy), approvers: policy.approvers, names });
}

function serverStep({ account: { values, dates } }: AuditSubject, about: ChainReport['about']): ChainStep {
  const ms = about === 'onboarding' ? dates?.createdMs : dates?.inactiveSinceMs;
  const shared = { step: 'server' } as const;
  if (ms === undefined)
    return { ...shared, state: 'unknown', text: values.active ? 'the account is active' : 'the server gave no date' };
  const text = about === 'onboarding' ? 'the server made the account' : 'the server made the account inactive';
  return { ...shared, state: 'proven', text, at: new Date(ms).toISOString() };
}

/** When access should have ended; `undefined`: nothing says. */
function endedOf({ desired }: AuditSubject, { options, server: { settings } }: Found): LossFacts['ended'] {
  const leftMs = options.leftOn === undefined ? undefined : leftOnMs(options.leftOn, settings.policy.timeZone);
  const endsMs = desired?.dates?.endsMs;
  if (leftMs !== undefined) return { ms: leftMs, by: 'left-on' };
  return endsMs === undefined ? undefined : { ms: endsMs, by: 'ends' };
}

function lossFacts(
  { account, live, sessions = [] }: AuditSubject,
  { ended, leave: { taken, back, last } }: { readonly ended: LossFacts['ended']; readonly leave: Leave },
  { read, server: { settings } }: Found,
): LossFacts {
  const { values, dates } = account;
  const deactivatedMs = deactivatedIn(last);
  const takenMs = deactivatedIn(taken);
  const enabled = (live.token ?? []).filter((token) => token.enabled);
  return {
    ...(ended !== undefined && { ended }),
    isActive: values.active,
    ...(dates?.inactiveSinceMs !== undefined && { inactiveSinceMs: dates.inactiveSinceMs }),
    ...(deactivatedMs !== undefined && { deactivatedMs }),
    ...(back !== undefined && takenMs !== undefined && { returned: { takenMs, backMs: back.ms } }),
    tokensTakenMs: last.filter(({ key }) => key !== accountKey).map(({ ms }) => ms),
    left: [...enabled.map(({ id }) => `token ${id}`), ...sessions.map(({ id }) => `session ${id}`)],
    readMs: read.context.nowMs,
    leaverHours: settings.audit.leaverHours,
  };
}

const deactivatedIn = (deeds: readonly AccountDeed[]): number | undefined =>
  deeds.findLast(({ key }) => key === accountKey)?.ms;

function leftOnMs(text: string, timeZone: string): number {
  if (isRealMoment(text)) return endOf(text, timeZone);
  throw new InputError([refuse('left-on', { text: text.slice(0, 40) })]);
}

/** So many are shown. */
const maxLines = 200;

async function serverLines(client: ReadClient, account: string): Promise<ServerLines> {
  const lines: ServerLines['lines'][number][] = [];
  try {
    for await (const page of client.audits.pages(account, { perPage: 200 })) {
      for (const { create_at, action, extra_info } of page) {
        if (lines.length === maxLines) return { lines, left_out: true };
        lines.push({ at: new Date(create_at).toISOString(), action, info: extra_info });
      }
    }
    return { lines, left_out: false };
  } catch (error) {
    if (error instanceof ApiForbiddenError) return { lines: [], left_out: true, missing: error.message };
    throw error;
  }
}
