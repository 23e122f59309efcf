/** A commit as git stores it, read. Pure. */
import type { CommitSignature } from './commit-signature.ts';

/** As a commit says. */
export interface GitPerson {
  readonly name: string;
  readonly email: string;
  /** Moment, ISO 8601. */
  readonly at: string;
}

export interface GitCommit {
  readonly hash: string;
  readonly author: GitPerson;
  readonly committer: GitPerson;
  /** The first line of its message. */
  readonly subject: string;
  readonly signature: CommitSignature;
}

/** @param raw - as git stores it */
export function commitOf(hash: string, raw: Uint8Array, signature: CommitSignature): GitCommit {
  const { head, message } = partsOf(Buffer.from(raw).toString('utf8'));
  return {
    hash,
    author: personIn(head, 'author'),
    committer: personIn(head, 'committer'),
    subject: (message.split('\n')[0] ?? '').slice(0, 200),
    signature,
  };
}

function partsOf(raw: string): { readonly head: string; readonly message: string } {
  const end = raw.indexOf('\n\n');
  return end === -1 ? { head: raw, message: '' } : { head: raw.slice(0, end + 1), message: raw.slice(end + 2) };
}

/** A commit may name any, and a later one cannot be written as all others are. */
const lastSecond = Date.UTC(9999, 11, 31) / 1000;

/** As git splits it: the first address is the one that counts, and the date stands behind the last. */
function personIn(head: string, field: 'author' | 'committer'): GitPerson {
  const [, line = ''] = new RegExp(`^${field} (.*)$`, 'm').exec(head) ?? [];
  const [from, last] = [line.indexOf('<'), line.lastIndexOf('>')];
  const to = line.indexOf('>', from);
  const [, seconds = '0'] = /^> (\d+) /.exec(line.slice(last)) ?? [];
  return {
    name: line.slice(0, Math.max(from, 0)).trim(),
    email: from === -1 || to === -1 ? '' : line.slice(from + 1, to),
    at: new Date(Math.min(Number(seconds), lastSecond) * 1000).toISOString(),
  };
}
