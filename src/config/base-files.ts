import { refuse, type WhatOfProblem } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { fileLimits } from '../source/read-file.ts';

/** The files that a plan is compared with: those of a commit, or of a folder. */
export interface BaseFiles {
  /** As it was named, such as `origin/main`. */
  readonly name: string;
  readonly commit?: string;
  /** Absolute folder here that stands for the root of the base. */
  readonly root: string;
  /** How a file of it is shown. */
  readonly show: (path: string) => string;
  /**
   * The text of a file.
   *
   * @param path - below the root, with `/`, without `..`
   * @param maxBytes - by default {@link maxBaseFile}
   * @returns `undefined` when there is no such file
   * @throws {InputError} when what is there cannot be read, or is no regular file
   */
  readonly read: (path: string, maxBytes?: number) => Promise<string | undefined>;
  /**
   * Every file below a folder, links among them, in no order; none where there is no such folder.
   *
   * @param folder - below the root, with `/`; empty: the root itself
   * @returns paths below the root
   */
  readonly list: (folder: string) => Promise<readonly string[]>;
}

/** In bytes: no real file of settings or approvals is larger than this. */
export const maxBaseFile: number = fileLimits.config;

/** In bytes: a listing of files that is longer is of no repository of users files. */
export const maxBaseListing: number = 16 * 1024 * 1024;

export const unusableBase = (what: WhatOfProblem<'base-unusable'>): InputError =>
  new InputError([refuse('base-unusable', what)]);
