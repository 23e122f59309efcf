/** A repository with users files, a server, and reviewers who decide as people do: in the files. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { ReviewFile, ReviewRow } from '../../../src/model/generated/review-file.ts';
import type { ReviewManifest } from '../../../src/model/generated/review-manifest.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { type Sandbox, type SandboxSeed, startSandbox } from '../../../src/sandbox/index.ts';
import { commitAll, git } from '../../support/git-repository.ts';
import { makeWorkplace, type Run, type Workplace } from '../../support/run-muster.ts';

export interface Decision {
  readonly decision: 'keep' | 'revoke';
  readonly reason?: string;
  readonly by?: string;
  readonly on?: string;
}

export interface ReviewStage {
  readonly place: Workplace;
  readonly sandbox: Sandbox;
  review(verb: 'open' | 'status' | 'close' | 'verify', ...more: readonly string[]): Promise<Run>;
  manifest(name?: string): Promise<ReviewManifest>;
  rows(name?: string): Promise<readonly (ReviewRow & { readonly owner: string })[]>;
  /** Writes into every row what `decide` says, and by and on at the top. */
  decide(decide: (row: ReviewRow) => Decision | undefined, top?: Partial<Pick<ReviewFile, 'by' | 'on'>>): Promise<void>;
  /** Changes the text of a file below the workplace. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  read(file: string): Promise<string>;
  close(): Promise<void>;
}

export const reviewName = '2027-q1';

export async function reviewStage(
  seed: SandboxSeed,
  files: Readonly<Record<string, string>>,
  options: Parameters<typeof startSandbox>[0] = {},
): Promise<ReviewStage> {
  const sandbox = await startSandbox({ licence: 'enterprise', ...options, seed });
  const place = await makeWorkplace(
    { '.gitignore': 'state/\nsecrets/\n', 'state/.gitignore': '*\n', ...files },
    { MUSTER_SERVER: sandbox.url, MUSTER_TOKEN: sandbox.adminToken },
  );
  commitAll(place.dir);
  const folder = (name = reviewName): string => join(place.dir, 'reviews', name);
  const read = (file: string): Promise<string> => readFile(join(place.dir, file), 'utf8');
  const ownersFiles = async (name?: string): Promise<readonly string[]> =>
    (await readdir(folder(name))).filter((file) => file.endsWith('.yaml')).toSorted();
  const manifest = async (name = reviewName): Promise<ReviewManifest> =>
    JSON.parse(await read(`reviews/${name}/manifest.json`)) as ReviewManifest;
  return {
    place,
    sandbox,
    review: (verb, ...more) => place.muster(['review', verb, reviewName, ...more]),
    manifest,
    rows: async (name) => {
      const found: (ReviewRow & { owner: string })[] = [];
      for (const file of await ownersFiles(name)) {
        const text = await readFile(join(folder(name), file), 'utf8');
        const { owner, rows } = parseDocument(text).toJS() as ReviewFile;
        found.push(...rows.map((row) => ({ ...row, owner })));
      }
      return found;
    },
    decide: async (decide, top = {}) => {
      const { opened } = await manifest();
      for (const file of await ownersFiles()) {
        const path = join(folder(), file);
        const document = parseDocument(await readFile(path, 'utf8'));
        document.set('by', top.by ?? 'grace');
        document.set('on', top.on ?? opened.slice(0, 10));
        const rows = document.get('rows');
        for (const row of isSeq(rows) ? rows.items.filter((item): item is YAMLMap => isMap(item)) : []) {
          const own = decide(row.toJSON() as ReviewRow);
          for (const [field, value] of Object.entries(own ?? {})) row.set(field, document.createNode(value));
        }
        await writeFile(path, document.toString({ lineWidth: 0 }));
      }
      git(place.dir, 'add', '--all');
      git(place.dir, 'commit', '--quiet', '--allow-empty', '-m', 'decide');
    },
    edit: async (file, change) => writeFile(join(place.dir, file), change(await read(file))),
    read,
    close: () => sandbox.close(),
  };
}

/** Codes and places of the problems that a command named in JSON. */
export function refusals({ stdout }: Pick<Run, 'stdout'>): readonly string[] {
  const { error } = JSON.parse(stdout) as { error?: { problems?: readonly Problem[] } };
  return (error?.problems ?? []).map(({ code, at }) => `${code} ${at?.file ?? ''}:${at?.line ?? ''}`);
}
