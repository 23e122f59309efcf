/**
 * A branch of the repository that holds what is kept between jobs. Each push names the commit that it follows, so that two jobs
 * never overwrite each other: the later one takes what the other pushed, puts its own files on top, and pushes again.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readRegularFile } from '../../disk/durable-files.ts';
import type { Clock } from '../../model/clock.ts';
import { hourMs } from '../../model/duration.ts';
import {
  type CheckoutPlace,
  fetchRef,
  GitPullError,
  gitIn,
  type LocalGit,
  prepareFolder,
  talkTo,
} from '../git-checkout.ts';
import { CiStateError, StateClaimedError } from './errors.ts';

export interface StateBranchPlace extends CheckoutPlace {
  readonly url: string;
  readonly branch: string;
  readonly clock: Clock;
}

const fetched = 'refs/muster/state';
const maxTries = 12;
const claimFile = 'claim';
/** As long as a job of a pipeline takes at most. A job that was ended from outside keeps others away for so long. */
const claimMs = hourMs;
/** A job waits for its turn, and for no longer. */
const longestWaitMs = hourMs / 3;
const lookEveryMs = hourMs / 60;
/** By how much the clocks of two runners may differ. */
const slackMs = hourMs / 12;

export class StateBranch {
  readonly #place: StateBranchPlace;
  readonly #git: LocalGit;
  /** The commit that the next push follows; none: the branch is not there yet. */
  #base: string | undefined;
  #claim: string | undefined;

  constructor(place: StateBranchPlace) {
    this.#place = place;
    this.#git = gitIn(place);
  }

  /** Brings what the branch holds into the folder. */
  async load(): Promise<void> {
    await prepareFolder(this.#place, this.#git);
    await this.#fetch();
  }

  /**
   * Waits until no other job has it.
   *
   * @param waitMs - how long at most
   * @throws {StateClaimedError} where another job keeps it for longer
   */
  async claim(waitMs: number = longestWaitMs): Promise<void> {
    const { clock, branch, signal } = this.#place;
    const own = randomBytes(8).toString('hex');
    const lastMs = clock.now() + waitMs;
    for (let tries = 1; ; tries++) {
      const held = await this.#readClaim();
      const nowMs = clock.now();
      // One that runs for longer than any job of muster asks for is none: it would keep everyone away for good.
      if (held !== undefined && held.untilMs > nowMs && held.untilMs - nowMs <= claimMs + slackMs) {
        if (nowMs >= lastMs) throw new StateClaimedError(branch, isoOf(held.untilMs));
        await clock.sleep(lookEveryMs, signal);
        await this.#fetch();
        tries = 0;
        continue;
      }
      const files = new Map([[claimFile, Buffer.from(`${own} ${isoOf(nowMs + claimMs)}\n`)]]);
      if (await this.#push(files, [], 'claim')) break;
      await this.#again(tries);
    }
    this.#claim = own;
  }

  /**
   * Keeps files in place of what is there, and gives the claim back.
   *
   * @param gone - files that are not kept any longer
   */
  async save(files: ReadonlyMap<string, Uint8Array>, gone: readonly string[]): Promise<void> {
    await this.#keep(files, gone, true);
    this.#claim = undefined;
  }

  /** The same in the midst of a run, whose claim stays. */
  async checkpoint(files: ReadonlyMap<string, Uint8Array>, gone: readonly string[]): Promise<void> {
    await this.#keep(files, gone, false);
  }

  async #keep(files: ReadonlyMap<string, Uint8Array>, gone: readonly string[], isLast: boolean): Promise<void> {
    for (let tries = 1; ; tries++) {
      const isOwnClaim = isLast && this.#claim !== undefined && (await this.#readClaim())?.by === this.#claim;
      const removed = isOwnClaim ? [...gone, claimFile] : gone;
      if (files.size + removed.length === 0) return;
      if (await this.#push(files, removed, 'state')) return;
      await this.#again(tries);
    }
  }

  async #again(tries: number): Promise<void> {
    const { clock, branch, signal } = this.#place;
    if (tries >= maxTries) throw new CiStateError({ is: 'not-pushed', branch, tries });
    // Those who meet do not meet again.
    await clock.sleep((randomBytes(2).readUInt16BE() % 500) * tries, signal);
    await this.#fetch();
  }

  async #fetch(): Promise<void> {
    const { url, branch } = this.#place;
    try {
      await fetchRef({ url, ref: `refs/heads/${branch}`, as: fetched, name: branch }, this.#place);
    } catch (error) {
      // A branch that is not there holds nothing. A push makes it, unless another job was faster.
      if (!(error instanceof GitPullError) || !error.isBranchMissing) throw error;
      this.#base = undefined;
      return;
    }
    this.#base = textOf(await this.#git(['rev-parse', '--verify', `${fetched}^{commit}`]));
    await this.#git(['checkout', '--quiet', '--force', '--detach', this.#base]);
    await this.#git(['clean', '-ffdxq']);
  }

  /** @returns whether the branch took it; `false`: it moved meanwhile */
  async #push(files: ReadonlyMap<string, Uint8Array>, gone: readonly string[], about: string): Promise<boolean> {
    const { dir, url, branch } = this.#place;
    for (const name of gone) await rm(join(dir, name), { force: true });
    for (const [name, content] of files) {
      await mkdir(dirname(join(dir, name)), { recursive: true, mode: 0o700 });
      await rm(join(dir, name), { force: true });
      await writeFile(join(dir, name), content, { mode: 0o600, flag: 'wx' });
    }
    await this.#git(['add', '--all', '--force', '.']);
    const tree = textOf(await this.#git(['write-tree']));
    const parent = this.#base === undefined ? [] : ['-p', this.#base];
    const commit = textOf(await this.#git(['commit-tree', tree, ...parent, '-m', `muster: ${about}`], [0], identity));
    const lease = `--force-with-lease=refs/heads/${branch}:${this.#base ?? ''}`;
    const args = ['push', '--quiet', '--porcelain', '--no-verify', lease, '--', url, `${commit}:refs/heads/${branch}`];
    const { code, stdout, stderr } = await talkTo(url, args, branch, this.#place);
    if (code === 0) {
      this.#base = commit;
      await this.#git(['reset', '--quiet', '--soft', commit]);
      return true;
    }
    const said = `${stdout.toString('utf8')}\n${stderr}`;
    if (
      /stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|reference already exists/.test(said)
    )
      return false;
    if (/rejected|denied|protected|40[13]|hook declined|Permission/i.test(said))
      throw new CiStateError({ is: 'push-refused', branch });
    throw new CiStateError({ is: 'git-failed', command: 'push', code, branch });
  }

  async #readClaim(): Promise<{ readonly by: string; readonly untilMs: number } | undefined> {
    const read = await readRegularFile(join(this.#place.dir, claimFile), 1024).catch(() => '');
    if (typeof read === 'string') return undefined;
    const [by = '', until = ''] = new TextDecoder().decode(read).trim().split(' ');
    const untilMs = Date.parse(until);
    // One that is not as it was written keeps no one away.
    return Number.isNaN(untilMs) ? undefined : { by, untilMs };
  }
}

const identity: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: 'muster',
  GIT_AUTHOR_EMAIL: 'muster@localhost',
  GIT_COMMITTER_NAME: 'muster',
  GIT_COMMITTER_EMAIL: 'muster@localhost',
};

const isoOf = (ms: number): string => new Date(ms).toISOString();
const textOf = ({ stdout }: { readonly stdout: Buffer }): string => stdout.toString('utf8').trim();
