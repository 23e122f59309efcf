import { Buffer } from 'node:buffer';
import { BadArgument, idArgument, knownKeys, textArgument, wholeArgument } from '../arguments.ts';
import { decodeOk } from '../decode.ts';
import { decodeNewToken, decodeToken, decodeTokens } from '../decode-others.ts';
import type { PageQuery, Pages, Read, Write } from '../operation.ts';
import { offsetPages } from '../pages.ts';
import type { NewToken, Token } from '../wire.ts';
import { selfOrEditOrBot, systemAdmin } from './permissions.ts';

export interface TokenRequest {
  /** At most 255 bytes. It can never be changed, and need not be unique. */
  readonly description: string;
  /** Milliseconds since the epoch; needs a server that knows expiry, which is checked before anything is sent. */
  readonly expiresAt?: number;
}

export interface TokenRotation {
  /** Milliseconds since the epoch. Absent: the token lives for good from now on, whatever was said when it was made. */
  readonly expiresAt?: number;
}

/** Personal access tokens. Lists come in no order, and pages of them may repeat or skip rows. */
export interface TokenOperations {
  /**
   * Makes a token. The answer is the only copy of its secret, and two calls make two tokens: after a lost response look
   * for the description, revoke what is found, and make another.
   */
  readonly create: Write<[userId: string, token: TokenRequest], NewToken>;
  /** Reads the tokens of one account completely: `term` is its id, its username in lower case, or a token's id. */
  readonly search: Read<[term: string], readonly Token[]>;
  /** Reads one page of the tokens of everybody. */
  readonly listAll: Read<[], readonly Token[], PageQuery>;
  /** Reads the tokens of everybody page by page. */
  readonly pages: Pages<[], Token>;
  /** Reads one page of the tokens of one account; an unknown account has none. */
  readonly listOfUser: Read<[userId: string], readonly Token[], PageQuery>;
  /** Reads one token by its id. */
  readonly get: Read<[tokenId: string], Token>;
  /** Switches a token off and ends its session. It stays off when its owner is deactivated and comes back. */
  readonly disable: Write<[tokenId: string], void>;
  /** Switches a token on again. */
  readonly enable: Write<[tokenId: string], void>;
  /** Deletes a token. A second call answers 404. */
  readonly revoke: Write<[tokenId: string], void>;
  /** Gives a token a new secret; the old one dies at once. Needs a server that knows rotation. */
  readonly rotate: Write<[tokenId: string, rotation: TokenRotation], NewToken>;
}

const readTokens = `read_user_access_token and: ${selfOrEditOrBot}`;
const createTokens = `create_user_access_token and: ${selfOrEditOrBot}`;
const revokeTokens = `revoke_user_access_token and: ${selfOrEditOrBot}`;

const tokenKeys: ReadonlySet<string> = new Set(['description', 'expiresAt']);
const rotationKeys: ReadonlySet<string> = new Set(['expiresAt']);

function descriptionArgument(value: unknown): string {
  const text = textArgument(value, 'description');
  const bytes = Buffer.byteLength(text);
  if (bytes <= 255) return text;
  throw new BadArgument({ is: 'long-description', bytes });
}

function expiry(value: number | undefined): { readonly expires_at?: number } {
  return value === undefined ? {} : { expires_at: wholeArgument(value, 'expiresAt', 1, Number.MAX_SAFE_INTEGER) };
}

const tokenBody = (tokenId: string): object => ({ token_id: idArgument(tokenId, 'tokenId') });

const listAll: Read<[], readonly Token[], PageQuery> = {
  access: 'read',
  method: 'GET',
  path: '/users/tokens',
  reference: 'users-tokens-get',
  permission: systemAdmin,
  query: { page: 'page', perPage: 'per_page' },
  decode: decodeTokens,
};

export const tokenOperations: TokenOperations = {
  create: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/{user_id}/tokens',
    reference: 'users-user-id-tokens-post',
    permission: createTokens,
    body(token) {
      const { description, expiresAt } = knownKeys(token, 'token', tokenKeys);
      return { description: descriptionArgument(description), ...expiry(expiresAt) };
    },
    tellsSecret: true,
    decode: decodeNewToken,
    needs: ([, token]) => (token.expiresAt === undefined ? undefined : 'token-expiry'),
    disagrees: (token, [userId]) => (userId === 'me' || token.user_id === userId ? undefined : 'token-of-another'),
  },
  search: {
    access: 'read',
    method: 'POST',
    path: '/users/tokens/search',
    reference: 'users-tokens-search-post',
    permission: systemAdmin,
    body: (term) => ({ term: textArgument(term, 'term') }),
    decode: decodeTokens,
  },
  listAll,
  pages: offsetPages(listAll),
  listOfUser: {
    access: 'read',
    method: 'GET',
    path: '/users/{user_id}/tokens',
    reference: 'users-user-id-tokens-get',
    permission: readTokens,
    query: { page: 'page', perPage: 'per_page' },
    decode: decodeTokens,
    disagrees: (tokens, [userId]) =>
      userId === 'me' || tokens.every((token) => token.user_id === userId) ? undefined : 'tokens-of-another',
  },
  get: {
    access: 'read',
    method: 'GET',
    path: '/users/tokens/{token_id}',
    reference: 'users-tokens-token-id-get',
    permission: readTokens,
    decode: decodeToken,
    disagrees: (token, [tokenId]) => (token.id === tokenId ? undefined : 'other-token'),
  },
  disable: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/tokens/disable',
    reference: 'users-tokens-disable-post',
    permission: revokeTokens,
    body: tokenBody,
    decode: decodeOk,
  },
  enable: {
    access: 'write',
    repeat: 'safe',
    method: 'POST',
    path: '/users/tokens/enable',
    reference: 'users-tokens-enable-post',
    permission: createTokens,
    body: tokenBody,
    decode: decodeOk,
  },
  revoke: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/tokens/revoke',
    reference: 'users-tokens-revoke-post',
    permission: revokeTokens,
    body: tokenBody,
    decode: decodeOk,
  },
  rotate: {
    access: 'write',
    repeat: 'look-first',
    method: 'POST',
    path: '/users/tokens/rotate',
    permission: createTokens,
    bodyArguments: 2,
    body: (rotation, [tokenId]) => ({
      token_id: idArgument(tokenId, 'tokenId'),
      ...expiry(knownKeys(rotation, 'rotation', rotationKeys).expiresAt),
    }),
    tellsSecret: true,
    decode: decodeNewToken,
    needs: () => 'token-rotation',
    disagrees: (token, [tokenId]) => (token.id === tokenId ? undefined : 'other-token'),
  },
};
