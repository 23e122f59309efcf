/** Every other place: notes and issues are files of a folder, for whatever carries them on. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '../disk/durable-files.ts';
import { ciMarkOf } from '../model/ci-mark.ts';
import type { Forge, Issue, Note, PullRequest } from '../model/forge.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';
import { noPullRequest } from './refusals.ts';

export interface PlainPlace {
  /** Absolute; absent: nothing is kept, and stdout has everything. */
  readonly dir?: string;
  /** Of the pull request that is named: the ref to fetch, and the branch that it goes to. */
  readonly ref?: string;
  readonly target?: string;
  readonly head?: string;
}

/** Names of pull requests become names of files. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Much more than a comment of ours has. */
const maxNote = 1024 * 1024;

const notesIn = (name: string): string => `pull-request-${name}`;

const fileOf = (prefix: string, body: string): string => {
  const mark = ciMarkOf(body);
  return `${prefix}${mark === undefined ? '' : `${mark.kind}-${mark.server.replaceAll(/[^A-Za-z0-9.-]/g, '_')}`}.md`;
};

export function openPlain({ dir, ref, target = 'main', head }: PlainPlace): Forge {
  const write = async (name: string, body: string): Promise<void> => {
    if (dir === undefined) return;
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, name), body);
  };
  const read = async (isMeant: (name: string) => boolean): Promise<readonly Note[]> => {
    if (dir === undefined) return [];
    const names = (await readdir(dir).catch(() => []))
      .filter((name) => name.endsWith('.md') && isMeant(name))
      .toSorted();
    const found = await Promise.all(
      names.map(async (id) => [id, await readRegularFile(join(dir, id), maxNote)] as const),
    );
    return found.flatMap(([id, text]) =>
      typeof text === 'string' ? [] : [{ id, body: new TextDecoder().decode(text) }],
    );
  };
  return {
    kind: 'plain',
    place: 'plain',
    pullRequest: (named) => {
      if (named === undefined && ref === undefined) return Promise.resolve(undefined);
      const name = named ?? (ref ?? '').split('/').at(-1) ?? '';
      if (!plainName.test(name)) throw noPullRequest('no-name', name);
      return Promise.resolve({ name, ref: ref ?? name, target, ...(head !== undefined && { head }) });
    },
    openPullRequests: () => {
      throw new InputError([refuse('no-pull-request', { is: 'no-list' })]);
    },
    mergedAs: () => Promise.resolve(undefined),
    notesOf: ({ name }: PullRequest) => read((file) => file.startsWith(`${notesIn(name)}.`)),
    addNote: ({ name }, body) => write(fileOf(`${notesIn(name)}.`, body), body),
    editNote: async (_, { id }, body) => {
      await write(id, body);
      return true;
    },
    removeNote: async (_, { id }) => {
      if (dir !== undefined) await rm(join(dir, id), { force: true });
    },
    issues: async () =>
      (await read((file) => file.startsWith('issue.'))).map((note): Issue => ({ ...note, title: '', isOpen: true })),
    addIssue: ({ body }) => write(fileOf('issue.', body), body),
    editIssue: async ({ id }, { body, isOpen }) => {
      if (isOpen) await write(id, body);
      // An issue that is closed is a file that is gone.
      else if (dir !== undefined) await rm(join(dir, id), { force: true });
    },
  };
}
