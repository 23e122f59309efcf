/** Compares who is named in approvals, waivers and reviews with the commits that brought the lines. */
import type { Settings } from '../config/settings.ts';
import {
  type Authorship,
  authorshipOf,
  authorshipRows,
  type Named,
  namedBy,
  type TrustedKeys,
  worstOf,
} from '../model/authorship.ts';
import type { Identity } from '../model/identity.ts';
import { type PublicKey, publicKeyOf } from '../model/public-keys.ts';
import type { Policy } from '../model/settings.ts';
import { type GitHistory, openGitHistory } from './git-history.ts';
import type { AppPorts } from './ports.ts';

/** Says of lines who brought them. */
export interface Authors {
  /**
   * @param path - absolute
   * @param lines - counted from 1: those that the person has to have brought
   * @param whole - the lines of all that it is about, if those are more
   * @returns `undefined` where `policy.approvals.signature` is `off`
   */
  authorshipOf(
    path: string,
    lines: readonly number[],
    named: Named,
    whole?: readonly number[],
  ): Promise<Authorship | undefined>;
}

const readKeys = (texts: readonly string[]): readonly PublicKey[] => texts.flatMap((text) => publicKeyOf(text) ?? []);

/** Whose signatures count in the history of the files. */
export const keysToTrust = ({ approvers, trustedMergeKeys }: Policy): readonly PublicKey[] =>
  readKeys([...approvers.flatMap(({ keys }) => keys), ...trustedMergeKeys]);

/** Who signs with them. */
export function trustedKeysOf({ approvers, trustedMergeKeys }: Policy): TrustedKeys {
  const signers = new Map<string, readonly string[]>();
  for (const { name, keys } of approvers)
    for (const { fingerprint } of readKeys(keys)) signers.set(fingerprint, [...(signers.get(fingerprint) ?? []), name]);
  return { signers, merges: new Set(readKeys(trustedMergeKeys).map(({ fingerprint }) => fingerprint)) };
}

/** For the repository that the config lies in; git is asked once, and only where something names a person. */
export function authorsFor(
  { policy, configDir }: Pick<Settings, 'policy' | 'configDir'>,
  { env }: Pick<AppPorts, 'env'>,
): Authors {
  if (policy.approvalSignature === 'off') return { authorshipOf: async () => undefined };
  const trusted = trustedKeysOf(policy);
  const keys = keysToTrust(policy);
  let history: Promise<GitHistory> | undefined;
  return {
    authorshipOf: async (path, lines, named, whole = lines) => {
      history ??= openGitHistory(configDir, env, keys);
      const opened = await history;
      const found: Authorship[] = [];
      for (const line of lines) found.push(authorshipOf(await opened.lineOf(path, line), named, trusted));
      const worst = worstOf(found);
      if (!authorshipRows[worst.status].proves) return worst;
      for (const commit of new Set(found.map((one) => one.commit)))
        if (commit !== undefined && (await opened.heldTogether(commit, path, whole))) return worst;
      return {
        ...worst,
        status: 'not-verifiable',
        why: 'no commit of this person has its lines together in this file',
      };
    },
  };
}

interface Attested {
  readonly by: string;
  readonly state: string;
  readonly lines: readonly number[];
}

/**
 * Adds whom each names and what git tells of it; where a proof is asked for, what has none no longer counts.
 *
 * @param path - absolute, of the file in which they stand
 */
export async function attested<One extends Attested>(
  all: readonly One[],
  path: string,
  settings: Pick<Settings, 'policy' | 'configDir'>,
  ports: Pick<AppPorts, 'env'>,
): Promise<
  readonly (One & {
    readonly identity: Identity;
    readonly authorship?: Authorship;
    readonly state: One['state'] | 'not-proven';
  })[]
> {
  const { approvers, approvalSignature } = settings.policy;
  const authors = authorsFor(settings, ports);
  const judged = [];
  for (const one of all) {
    const named = namedBy(one.by, approvers);
    const authorship = await authors.authorshipOf(path, one.lines, named);
    const lacksProof =
      approvalSignature === 'require' && authorship !== undefined && !authorshipRows[authorship.status].proves;
    judged.push({
      ...one,
      identity: named.identity,
      ...(authorship !== undefined && { authorship }),
      state: lacksProof && one.state === 'valid' ? ('not-proven' as const) : one.state,
    });
  }
  return judged;
}
