/** Which new tokens only take the place of one that lives, as a reviewer agreed to once. */

import { digestOf } from '../../model/canonical-json.ts';
import type { DesiredToken } from '../../model/desired-state.ts';
import { type IssuedTokens, issuedKey } from '../../model/issued-tokens.ts';
import type { Change } from '../../model/plan.ts';
import type { Delivery, Person } from '../../model/resource-definition.ts';
import { parseMark } from '../../model/token-mark.ts';
import { isUsable } from './definition-expiry.ts';

/** A digest of what stands behind the sink, and of the schedule; `undefined` where it is not known what stands behind it. */
export function termsOf(wanted: DesiredToken, delivery: Delivery | undefined): string | undefined {
  const { name: _, generation: __, enabled: ___, sink = delivery?.defaultSink, ...schedule } = wanted;
  const place = delivery?.places?.get(sink);
  return place === undefined ? undefined : digestOf({ place, schedule });
}

/**
 * Whether a new token only takes the place of one that lives, on the same terms: an applied plan made that one for this
 * account, its secret went to the same place, and it was to be replaced in the same way. Of one that is dead, or more than
 * one generation away, nothing waits for a successor.
 */
export function isRotationAsShown(
  { class: name, attribute, terms }: Change,
  { desired, live }: Person,
  momentMs: number,
  issued: IssuedTokens,
): boolean {
  const account = live.user?.id;
  if (name !== 'token-create' || terms === undefined || account === undefined) return false;
  const wanted = desired.tokens?.find((one) => attribute === `tokens.${one.name}@${one.generation}`);
  if (wanted === undefined) return false;
  return (live.token ?? []).some((one) => {
    const mark = parseMark(one.description);
    const steps = mark?.name === wanted.name ? wanted.generation - mark.generation : Number.NaN;
    // By its age a token is replaced in its own generation.
    return (
      (steps === 0 || steps === 1) &&
      isUsable(one, momentMs) &&
      issued.has(issuedKey({ account, token: one.id, terms }))
    );
  });
}
