/** What the commands of `muster ci` have in common: the forge, a private folder, what is kept between jobs, and a comment in any case. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgeHere, type JobFacts, jobFacts, openForge, type PlainPlace } from '../../forge/index.ts';
import type { CommentFacts } from '../../model/ci-comment.ts';
import { type CiKind, type CiMark, markText } from '../../model/ci-mark.ts';
import type { Forge, ForgeKind } from '../../model/forge.ts';
import type { JournalKey } from '../../model/journal-key.ts';
import { journalKeyOf } from '../../secrets/journal-key.ts';
import { stateSealOf } from '../../secrets/state-seal.ts';
import { closing } from '../closing.ts';
import { credentialsOf } from '../connect.ts';
import { loadSettings } from '../load.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from '../ports.ts';
import { repositoryHere, type WorkPlace } from './repository.ts';
import { type CiState, openState, type StatePlace } from './state.ts';
import type { CiTexts } from './texts.ts';

export interface CiOptions extends ConnectionOptions, Pick<InputOptions, 'config'> {
  /** By default the one whose job this is. */
  readonly forge?: ForgeKind;
  /** Where there is none of the others. */
  readonly plain: PlainPlace;
  /** The pull request, in place of the one of the job. */
  readonly pullRequest?: string;
  /** Address of the repository, in place of the one of `origin`. */
  readonly remote?: string;
  /** Where plans and journals are kept between jobs. */
  readonly state: { readonly branch: string } | { readonly /** Absolute. */ dir: string };
  /** Whether what is kept is sealed with the caller's token. */
  readonly isSealed: boolean;
}

export interface CiPorts extends AppPorts {
  readonly texts: CiTexts;
}

export interface CiJob {
  readonly forge: Forge;
  readonly facts: JobFacts;
  /** Absolute: private, and gone after the job. */
  readonly workDir: string;
  /** When the job began. */
  readonly at: string;
  /** The name by which comments know the server. */
  readonly server: string;
}

/** The one server of a muster.yaml has no name. */
const onlyServer = 'default';

export async function withJob<Result>(
  options: CiOptions,
  { env, clock, signal }: AppPorts,
  work: (job: CiJob) => Promise<Result>,
): Promise<Result> {
  const kind = options.forge ?? forgeHere(env);
  const forge = openForge(kind, options.plain, { env, clock, ...(signal !== undefined && { signal }) });
  const workDir = await mkdtemp(join(tmpdir(), 'muster-ci-'));
  const at = new Date(clock.now()).toISOString();
  const job = { forge, facts: jobFacts(kind, env), workDir, at, server: options.server ?? onlyServer };
  return await closing(
    () => work(job),
    () => rm(workDir, { recursive: true, force: true }),
  );
}

export function markFor({ at, server }: CiJob, kind: CiKind, more: Partial<CiMark> = {}): CiMark {
  return { kind, server, at, ...more };
}

export function factsFor({ facts: { url }, server }: CiJob, mark: CiMark): CommentFacts {
  return {
    mark: markText(mark),
    ...(server !== onlyServer && { server }),
    ...(url !== undefined && { job: url }),
    ...(mark.commit !== undefined && { commit: mark.commit }),
  };
}

/** The repository of the job, asked for once, and only by those who need it. */
export function lazyRepository(options: CiOptions, { facts }: CiJob, ports: AppPorts): () => Promise<WorkPlace> {
  let found: Promise<WorkPlace> | undefined;
  return () => (found ??= repositoryHere(options.remote, facts, ports));
}

/**
 * Opens what is kept between jobs.
 *
 * @param inputs - of the settings that say whose token it is
 */
export async function openJobState(
  options: CiOptions,
  inputs: InputOptions & ConnectionOptions,
  job: CiJob,
  repository: () => Promise<WorkPlace>,
  ports: AppPorts,
): Promise<CiState> {
  const { state } = options;
  const seal = options.isSealed ? stateSealOf((await credentialFor(inputs, ports)).token) : undefined;
  let place: StatePlace;
  if ('dir' in state) place = { is: 'folder', dir: state.dir };
  else {
    const { url, credential } = await repository();
    place = { is: 'branch', branch: state.branch, url, ...(credential !== undefined && { credential }) };
  }
  // What was done is kept also where the job is told to end.
  const { signal: _, ...others } = ports;
  return await openState(place, seal, job.workDir, others);
}

type FoundCredential = Awaited<ReturnType<ReturnType<typeof credentialsOf>['credentialFor']>>;

async function credentialFor(inputs: InputOptions & ConnectionOptions, ports: AppPorts): Promise<FoundCredential> {
  const settings = await loadSettings(inputs, ports);
  return await credentialsOf(ports).credentialFor(settings.servers, settings.name);
}

/** What marks are signed with. */
export async function markKeyFor(
  inputs: InputOptions & ConnectionOptions,
  serverKey: string,
  ports: AppPorts,
): Promise<JournalKey> {
  return journalKeyOf((await credentialFor(inputs, ports)).token, serverKey);
}
