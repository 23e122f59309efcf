/** Whether the person whom an approval, a waiver or a decision names wrote it: what git tells of the commit that brought its lines. */
import { type Approver, approverNamed, type Identity, identityOf, isKnownAs } from './identity.ts';

export type AuthorshipSetting = 'off' | 'report' | 'require';

/** From the best to the worst. `author`: the commit names that person, and anyone can write any name into a commit. */
export type AuthorshipStatus = 'signed' | 'merged' | 'author' | 'another-author' | 'not-committed' | 'not-verifiable';

/** By whom the lines were brought, as far as git tells. */
export interface Authorship {
  readonly status: AuthorshipStatus;
  /** Absent: there is none, or git does not tell. */
  readonly commit?: string;
  /** As the commit says: name and e-mail. */
  readonly author?: string;
  /** Why nothing better is known. */
  readonly why?: string;
}

interface StatusRow {
  readonly text: string;
  /** Whether it proves who gave it, where `policy.approvals.signature` is `require`. */
  readonly proves: boolean;
}

export const authorshipRows: Readonly<Record<AuthorshipStatus, StatusRow>> = {
  signed: { text: 'signed', proves: true },
  merged: { text: 'merged with a trusted signature', proves: true },
  author: { text: 'not signed', proves: false },
  'another-author': { text: 'written by someone else', proves: false },
  'not-committed': { text: 'not committed', proves: false },
  'not-verifiable': { text: 'not verifiable', proves: false },
};

const order = Object.keys(authorshipRows);

/** Of several lines: as bad as the worst of them. */
export const worstOf = (all: readonly Authorship[]): Authorship =>
  all.toSorted((one, other) => order.indexOf(other.status) - order.indexOf(one.status))[0] ?? {
    status: 'not-verifiable',
    why: 'it has no line',
  };

/** What git says of a line; in the words of the history of a repository. */
export type ToldOrigin =
  | { readonly state: 'committed'; readonly commit: ToldCommit }
  | { readonly state: 'not committed'; readonly why: string }
  | { readonly state: 'not verifiable'; readonly why: string };

export interface ToldCommit {
  readonly hash: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly signature: {
    readonly state: 'verified' | 'unsigned' | 'not verifiable';
    readonly key?: string;
    readonly why?: string;
  };
}

/** Who may sign for whom, by the fingerprints of keys. */
export interface TrustedKeys {
  /** Names of approvers. */
  readonly signers: ReadonlyMap<string, readonly string[]>;
  /** With which a forge signs commits of merges. */
  readonly merges: ReadonlySet<string>;
}

/** The approver whose key it is; of a key that several have, no one. */
export function singleSigner(key: string, { signers }: TrustedKeys): string | undefined {
  const [name, ...others] = signers.get(key) ?? [];
  return others.length === 0 ? name : undefined;
}

/** The person who is named. */
export interface Named {
  readonly identity: Identity;
  /** Absent: `approvers` does not tell who that is, so nothing proves it. */
  readonly approver?: Approver | undefined;
}

export const namedBy = (by: string, approvers: readonly Approver[]): Named => ({
  identity: identityOf(by, approvers),
  approver: approverNamed(by, approvers),
});

export function authorshipOf(
  origin: ToldOrigin,
  { identity, approver }: Named,
  { signers, merges }: TrustedKeys,
): Authorship {
  if (origin.state === 'not committed') return { status: 'not-committed', why: origin.why };
  if (origin.state === 'not verifiable') return { status: 'not-verifiable', why: origin.why };
  const { hash, author, signature } = origin.commit;
  const told = { commit: hash, author: `${author.name} <${author.email}>` };
  const { key } = signature;
  const proven = signature.state === 'verified' ? key : undefined;
  if (approver !== undefined && proven !== undefined && signers.get(proven)?.includes(approver.name) === true)
    return { status: 'signed', ...told };
  // Of an author the address alone: names are not unique, and the forge vouches for the address.
  if (!isKnownAs(approver === undefined ? identity : new Set(approver.emails), [author.email]))
    return { status: 'another-author', ...told };
  if (approver === undefined)
    return { status: 'author', ...told, why: 'approvers of muster.yaml does not name this person' };
  if (proven !== undefined && merges.has(proven)) return { status: 'merged', ...told };
  const why =
    signature.state === 'unsigned'
      ? 'the commit has no signature'
      : (signature.why ?? 'its key is not one of this person');
  return { status: 'author', ...told, why };
}
