/**
 * The mark that the comments and issues of `muster ci` begin with: it is hidden, and says which server and which kind they are
 * about, so that each is found again and updated in place. What an apply goes by is signed with the caller's token. Pure.
 */
import type { JournalKey } from './journal-key.ts';

const ciKinds = ['plan', 'apply', 'drift'] as const;
export type CiKind = (typeof ciKinds)[number];

export interface CiMark {
  readonly kind: CiKind;
  /** The name of the server among several, or what stands for the only one. */
  readonly server: string;
  /** When what is said was made: what is older never replaces it. */
  readonly at: string;
  /** Since when what is said holds. */
  readonly since?: string;
  /** The commit that was planned. */
  readonly commit?: string;
  /** Of the plan that is shown. */
  readonly digest?: string;
  /** Fits the rest, the text below, the repository and the pull request. */
  readonly mac?: string;
}

/** Every comment of ours begins with it. */
export const markStart = '<!-- muster:ci ';

const fieldNames = ['kind', 'server', 'at', 'since', 'commit', 'digest', 'mac'] as const;

const fieldsOf = (mark: CiMark): string =>
  fieldNames
    .flatMap((name) => {
      const value = mark[name];
      // Two dashes would end the comment.
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value).replaceAll('-', '%2D')}`];
    })
    .join(' ');

export const markText = (mark: CiMark): string => `${markStart}${fieldsOf(mark)} -->`;

/** @returns `undefined` where the text does not begin with a mark */
export function ciMarkOf(body: string): CiMark | undefined {
  const [, inner] = /^<!-- muster:ci ([A-Za-z0-9%._~!*'()= ]{1,1000}) -->/.exec(body) ?? [];
  if (inner === undefined) return undefined;
  const fields = new Map(inner.split(' ').map((part) => [part.split('=', 1)[0], decoded(part)]));
  const kind = ciKinds.find((one) => one === fields.get('kind'));
  const [server, at] = [fields.get('server'), fields.get('at')];
  if (kind === undefined || server === undefined || at === undefined) return undefined;
  const others = (['since', 'commit', 'digest', 'mac'] as const).flatMap((name) => {
    const value = fields.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind, server, at, ...Object.fromEntries(others) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part.slice(part.indexOf('=') + 1));
  } catch {
    return '';
  }
}

/** Whether two marks stand for the same comment. */
export const isSameThread = (one: CiMark, other: Pick<CiMark, 'kind' | 'server'>): boolean =>
  one.kind === other.kind && one.server === other.server;

const signerPart = 'ci comment';

/** As long as every signature. */
const noMac = `${'0'.repeat(8)}.${'0'.repeat(32)}`;

/** A mark that is to be signed: a comment with it is as long as it will be. */
export const unsignedMark = (mark: Omit<CiMark, 'mac'>): CiMark => ({ ...mark, mac: noMac });

/**
 * Signs a comment: its mark, and the text below it, which is what people review.
 *
 * @param draft - begins with the text of an `unsignedMark`
 * @param place - the repository and the pull request: a comment that is copied elsewhere is worth nothing there
 */
export function signComment(draft: string, place: string, key: JournalKey): string {
  const { mac: _, ...mark } = ciMarkOf(draft) ?? {};
  if (!isWhole(mark)) return draft;
  const mac = key.signerOf(signerPart).sign(signedText(mark, draft, place));
  return `${markText({ ...mark, mac })}${belowMark(draft)}`;
}

/** Whether the owner of the token wrote the comment as it stands there, for this place. */
export function isSignedComment(body: string, place: string, key: JournalKey): boolean {
  const { mac, ...mark } = ciMarkOf(body) ?? {};
  return isWhole(mark) && key.signerOf(signerPart).check(signedText(mark, body, place), mac) === 'fits';
}

type Unsigned = Omit<CiMark, 'mac'>;

const isWhole = (mark: Partial<Unsigned>): mark is Unsigned => mark.kind !== undefined;

const belowMark = (body: string): string => body.slice(body.indexOf('-->') + '-->'.length);

/** A forge may change the ends of lines, and of the text. */
const signedText = (mark: Unsigned, body: string, place: string): string =>
  `${place}\n${fieldsOf(mark)}\n${belowMark(body).replaceAll('\r\n', '\n').trim()}`;
