import { stat } from 'node:fs/promises';
import { freezeReview } from '../audit/review/freeze.ts';
import { manifestName, type ReviewPlace } from '../config/load-review.ts';
import type { Settings } from '../config/settings.ts';
import { makeFolderOf } from '../disk/shared-files.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ReviewFile } from '../model/generated/review-file.ts';
import type { ReviewManifest } from '../model/generated/review-manifest.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import type { LoadedReview } from '../model/review.ts';
import { kinds } from '../resources/index.ts';
import { readPopulation } from './audit.ts';
import { readGrantsGiven } from './grants-given.ts';
import { loadDesired } from './load.ts';
import type { AppPorts } from './ports.ts';
import { closedReviews, type ReviewOptions, refuseLinkedFolder, reviewPlace } from './review.ts';
import { withServerAfter } from './with-server.ts';

export interface OpenReviewOptions extends ReviewOptions {
  /** Absolute; where the journals lie. */
  readonly stateDir?: string;
  /** How the files are written. */
  readonly print: {
    readonly file: (file: ReviewFile) => string;
    readonly manifest: (manifest: ReviewManifest) => string;
  };
}

export interface OpenedReview {
  readonly manifest: ReviewManifest;
  /** As it is shown. */
  readonly folder: string;
}

interface Loaded {
  readonly place: ReviewPlace;
  readonly desired: DesiredState;
  readonly earlier: readonly LoadedReview[];
}

/**
 * Freezes who has what into a file for each owner. Writes nothing to the server.
 *
 * @throws {ReadNotCompleteError} when it could not be proven that no account is missing
 * @throws {InputError} when there is such a review already
 */
export function openReview(options: OpenReviewOptions, given: AppPorts): Promise<OpenedReview> {
  const load = async (settings: Settings): Promise<Loaded> => {
    const place = reviewPlace(options.name, settings, given);
    await refuseLinkedFolder(place);
    if ((await stat(place.dir).catch(() => undefined)) !== undefined) throw existsAlready(place);
    const desired = await loadDesired(settings, options, given);
    return { place, desired, earlier: await closedReviews(settings, given) };
  };
  return withServerAfter(options, given, load, async (server, { place, desired, earlier }) => {
    const { settings, ports } = server;
    const { population, context, completeness } = await readPopulation(server, desired);
    const { manifest, files } = freezeReview({
      name: options.name,
      openedMs: ports.clock.now(),
      subjects: population.subjects,
      context,
      kinds,
      completeness,
      owners: settings.review.owners,
      givenBy: await readGrantsGiven({ stateDir: options.stateDir, serverKey: context.facts.key }, ports),
      earlier,
    });
    const texts = new Map(files.map((file) => [`${file.owner}.yaml`, options.print.file(file)]));
    await makeFolderOf(place.dir, new Map([...texts, [manifestName, options.print.manifest(manifest)]]));
    return { manifest, folder: place.shown };
  });
}

const existsAlready = ({ name, shown }: ReviewPlace): InputError =>
  new InputError([refuse('review-exists', { name, path: shown })]);
