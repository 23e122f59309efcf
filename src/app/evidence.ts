/** A folder that proves what an audit found, and what runs and reviews did, to someone who need not have muster. */

import { resolve } from 'node:path';
import { type Answer, answerTexts } from '../audit/evidence/answers.ts';
import { manifestName, manifestText, sha256, signatureName, signatureNamespace } from '../audit/evidence/manifest.ts';
import { makeAudit } from '../audit/make-audit.ts';
import { verifyRemovals } from '../audit/review/verify.ts';
import { readReviewTexts } from '../config/load-review.ts';
import type { Settings } from '../config/settings.ts';
import { isFreeFolder, makePrivateFolder } from '../disk/private-folder.ts';
import type { EvidencePrinters, PackedEvidence } from '../model/evidence.ts';
import type { AnswersInPack, EvidenceFile, ReviewInPack } from '../model/generated/evidence-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { publicKeyText, sshFingerprint } from '../model/ssh-keys.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { planFileText } from '../plan/plan-file.ts';
import { kinds } from '../resources/index.ts';
import { readSignKey, type SignKey } from '../secrets/sign-key.ts';
import { type LoadedAudit, loadForAudit, type ReadPopulation, readPopulation } from './audit.ts';
import type { Server } from './connect.ts';
import { type Period, packRuns } from './evidence-runs.ts';
import { planWith } from './plan.ts';
import type { AppPorts, ConnectionOptions, InputOptions } from './ports.ts';
import { closedReviews, type IntactReview, loadClosed, reviewPlace } from './review.ts';
import { withServerAfter } from './with-server.ts';
import { checkReportPlace, ReportNotWrittenError } from './write-report.ts';

export interface EvidenceOptions extends InputOptions, ConnectionOptions, Period {
  /** The folder to write: not there, or empty. */
  readonly out: string;
  /** Absolute; where muster remembers things about servers. */
  readonly stateDir?: string;
  /** The private key that signs, in place of the one of muster.yaml. */
  readonly signKey?: string;
  readonly print: EvidencePrinters;
}

type Files = ReadonlyMap<string, Uint8Array | string>;

interface Loaded extends LoadedAudit {
  readonly key: SignKey | undefined;
  readonly reviews: readonly PackableReview[];
}

interface PackableReview extends IntactReview {
  /** By their names in the folder of the review. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Audits, plans, and writes both with what they rest on: whole, or nothing. Reads only from the server.
 *
 * @throws {InputError} with the problems of the files, or when the folder is not free
 * @throws {SignKeyError} when the key cannot be used
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 * @throws {JournalTamperedError} when a journal is not as it was written
 */
export async function evidence(options: EvidenceOptions, given: AppPorts): Promise<PackedEvidence> {
  const answers = new Answers();
  await refuseTakenFolder(options.out, given);
  const load = (settings: Settings): Promise<Loaded> => loadAll(settings, options, given);
  const connection = { ...options, onAnswer: answers.keep };
  return withServerAfter(connection, given, load, async (server, loaded) => {
    // That a revoked grant is gone has to be the account's own answer.
    const revoked = loaded.reviews.flatMap(({ closed }) => closed.revoked.map(({ account }) => account));
    const read = await answers.during(() => readPopulation(server, loaded.desired, revoked));
    const kept = answersOf(answers.kept, server.settings);
    const made = await packWith(options, server, loaded, read, kept);
    return writePack(made, loaded.key, options, server.ports);
  });
}

/** Keeps answers while a report is read; a plan is made of its own. */
class Answers {
  readonly kept: Answer[] = [];
  #isOn = false;

  readonly keep = (answer: Answer): void => {
    if (this.#isOn) this.kept.push(answer);
  };

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isOn = true;
    try {
      return await work();
    } finally {
      this.#isOn = false;
    }
  }
}

async function loadAll(settings: Settings, options: EvidenceOptions, given: AppPorts): Promise<Loaded> {
  const named = options.signKey === undefined ? settings.evidence.signKey : resolve(given.workingDir, options.signKey);
  const key = named === undefined ? undefined : await readSignKey(named);
  const loaded = await loadForAudit(settings, options, given);
  const { sinceMs = 0, untilMs = Number.POSITIVE_INFINITY } = options;
  const reviews: PackableReview[] = [];
  for (const { name } of await closedReviews(settings, given)) {
    const place = reviewPlace(name, settings, given);
    const intact = await loadClosed(place);
    const closedMs = Date.parse(intact.closed.closed);
    if (closedMs < sinceMs || closedMs > untilMs) continue;
    reviews.push({ ...intact, texts: await readReviewTexts(place, intact.review) });
  }
  return { ...loaded, key, reviews };
}

interface KeptAnswers {
  readonly about: readonly AnswersInPack[];
  readonly files: Files;
}

function answersOf(answers: readonly Answer[], { evidence: { emails } }: Settings): KeptAnswers {
  const texts = [...answerTexts(answers, emails)].map(
    ([operation, text]) => [`answers/${operation}.jsonl`, text] as const,
  );
  return {
    about: texts.map(([file, text]) => ({ file, calls: text.split('\n').length - 1 })),
    files: new Map(texts),
  };
}

interface MadePack extends Pick<PackedEvidence, 'about' | 'summary'> {
  readonly files: Files;
}

async function packWith(
  options: EvidenceOptions,
  server: Server,
  { desired, waivers, key, reviews }: Loaded,
  { population, context, completeness }: ReadPopulation,
  answers: KeptAnswers,
): Promise<MadePack> {
  const { settings, client, requests, ports } = server;
  const { print, stateDir, sinceMs, untilMs } = options;
  const report = makeAudit({ population, context, kinds, waivers, completeness });
  const runs = await packRuns({ stateDir, serverKey: completeness.server.key }, options, ports);
  const input = { settings, desired, options, client: client.readOnly(), requests };
  const { plan } = await planWith(input, ports);
  const verified = reviews.map(({ closed }) =>
    verifyRemovals(closed, { kinds, context, subjects: population.subjects }, completeness),
  );
  const about: EvidenceFile = {
    format: 'muster-evidence/1',
    tool: completeness.tool,
    made: new Date(ports.clock.now()).toISOString(),
    server: completeness.server,
    period: {
      ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }),
      ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
    },
    emails: settings.evidence.emails,
    answers: answers.about,
    runs: runs.runs,
    reviews: verified.map(({ review, closed, counts }, i): ReviewInPack => {
      const rows = reviews[i]?.closed.counts.rows ?? 0;
      return { review, folder: `reviews/${review}`, closed, rows, ...counts };
    }),
  };
  const publicKey = key === undefined ? undefined : publicKeyText(key.publicKey);
  const facts = { about, report, namespace: signatureNamespace, ...(publicKey !== undefined && { publicKey }) };
  const files: Files = new Map<string, Uint8Array | string>([
    ['README.txt', print.readme(facts)],
    ['evidence.json', print.json(about)],
    ...print.report(report),
    ['plan/plan.json', planFileText(plan)],
    ['plan/plan.txt', print.plan(plan)],
    ...answers.files,
    ...runs.files,
    ...reviews.flatMap(({ review: { name }, texts }, i): readonly (readonly [string, string])[] => [
      ...[...texts].map(([file, text]) => [`reviews/${name}/${file}`, text] as const),
      [`reviews/${name}/verified.json`, print.json(verified[i])],
    ]),
  ]);
  return { about, files, summary: report.summary };
}

async function writePack(
  { files, about, summary }: MadePack,
  key: SignKey | undefined,
  { out }: EvidenceOptions,
  { workingDir }: Pick<AppPorts, 'workingDir'>,
): Promise<PackedEvidence> {
  const manifest = manifestText(files);
  const signature = key?.sign(Buffer.from(manifest), signatureNamespace);
  const all = new Map<string, Uint8Array | string>([...files, [manifestName, manifest]]);
  if (signature !== undefined) all.set(signatureName, signature);
  try {
    await makePrivateFolder(resolve(workingDir, out), all);
  } catch (error) {
    throw notWritten(out, error);
  }
  return {
    folder: out,
    files: all.size,
    manifest: sha256(manifest),
    ...(key !== undefined && { signer: sshFingerprint(key.publicKey) }),
    about,
    summary,
  };
}

/** Before the long work of which the folder is the end. */
async function refuseTakenFolder(out: string, ports: AppPorts): Promise<void> {
  const isFree = await isFreeFolder(resolve(ports.workingDir, out)).catch((error: unknown) => {
    throw notWritten(out, error);
  });
  if (!isFree) throw new InputError([refuse('evidence-folder-taken', { folder: out })]);
  await checkReportPlace(out, ports);
}

const notWritten = (out: string, cause: unknown): ReportNotWrittenError =>
  new ReportNotWrittenError({ is: 'evidence', path: out, why: systemCodeOf(cause) }, { cause });
