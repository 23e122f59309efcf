/** What an entry says of tokens: for `explain`, and as `import` writes it. */

import { byText } from '../../model/compare.ts';
import { count } from '../../model/count.ts';
import type { DesiredToken, DesiredUser } from '../../model/desired-state.ts';
import { durationText } from '../../model/duration.ts';
import type { LiveByKind } from '../../model/kinds.ts';
import type { LiveToken, LiveUser } from '../../model/live-state.ts';
import { type Description, type EntryPiece, type ImportRules, noPiece } from '../../model/resource-definition.ts';
import { parseMark } from '../../model/token-mark.ts';

export function describeTokens({ tokens }: DesiredUser): Description {
  return {
    managed: (tokens ?? []).map((token) => ({ name: `tokens.${token.name}`, wanted: tokenText(token) })),
    unmanaged: tokens === undefined ? ['tokens'] : [],
  };
}

function tokenText(token: DesiredToken): string {
  const { generation, enabled, expiresInMs, rotateEveryMs, rotateBeforeMs, overlapMs, sink } = token;
  return [
    `generation ${generation}`,
    ...(enabled ? [] : ['disabled']),
    ...(expiresInMs === undefined ? [] : [`a new one for ${durationText(expiresInMs)}`]),
    ...(rotateEveryMs === undefined ? [] : [`rotated every ${durationText(rotateEveryMs)}`]),
    ...(rotateBeforeMs === undefined ? [] : [`rotated ${durationText(rotateBeforeMs)} before it expires`]),
    ...(overlapMs === 0 ? [] : [`the previous one for another ${durationText(overlapMs)}`]),
    ...(sink === undefined ? [] : [`to the sink ${sink}`]),
  ].join(', ');
}

export function toTokenEntry(
  { values: { active } }: LiveUser,
  { token: tokens = [] }: Partial<LiveByKind>,
  { leaverTokens }: ImportRules,
): EntryPiece {
  return active ? markedTokens(tokens) : leftovers(tokens, leaverTokens);
}

/** An inactive account with tokens is left alone where declaring it inactive would change them. */
function leftovers(tokens: readonly LiveToken[], policy: ImportRules['leaverTokens']): EntryPiece {
  const concerned = tokens.filter(({ enabled }) => policy === 'revoke' || enabled).length;
  if (concerned === 0 || policy === 'keep') return noPiece;
  const remark =
    policy === 'revoke'
      ? `inactive, with ${count(concerned, 'token')}: write active: false to have them revoked`
      : `inactive, with ${count(concerned, 'live token')}: write active: false to have them disabled`;
  return { fields: {}, withheld: ['active'], remarks: [remark] };
}

/** Tokens with muster's mark, where the file can say exactly what is there; all of them or none. */
function markedTokens(tokens: readonly LiveToken[]): EntryPiece {
  if (tokens.length === 0) return noPiece;
  const marked = tokens.flatMap(({ description, enabled }) => {
    const mark = parseMark(description);
    return mark === undefined ? [] : [{ mark, enabled }];
  });
  if (marked.length === 0) return noPiece;
  const names = new Set(marked.map(({ mark }) => mark.name));
  if (names.size < marked.length)
    return {
      fields: {},
      withheld: [],
      remarks: ['tokens not managed here: one of them is in the middle of a rotation'],
    };
  return {
    fields: {
      tokens: marked.toSorted(byText(({ mark }) => mark.name)).map(({ mark, enabled }) => ({
        name: mark.name,
        ...(mark.generation > 1 && { generation: mark.generation }),
        ...(!enabled && { enabled: false }),
      })),
    },
    withheld: [],
    remarks: [],
  };
}
