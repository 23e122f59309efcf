/** When tokens end by themselves: what a new one may be given, and what a plan says of those that are there. */

import type { DesiredToken } from '../../model/desired-state.ts';
import { dayMs, durationText, utcDay } from '../../model/duration.ts';
import type { LiveToken, ServerFacts } from '../../model/live-state.ts';
import { hold } from '../../model/messages/held-rows.ts';
import { note } from '../../model/messages/notice-rows.ts';
import type { HeldChange, Notice } from '../../model/plan.ts';
import { sinceVersion, supports } from '../../model/server-features.ts';

export const hasEnded = ({ expiresAt }: LiveToken, momentMs: number): boolean =>
  expiresAt !== undefined && expiresAt <= momentMs;

/** Whether the server takes a token at a moment. */
export const isUsable = (token: LiveToken, momentMs: number): boolean => token.enabled && !hasEnded(token, momentMs);

/** A team that rotates by a pull request needs some working days. */
const soonMs = 14 * dayMs;

/** Why the server would refuse a new token of this life, or make one that never ends; `undefined` where it would not. */
export function expiryVerdict(
  { name, expiresInMs }: DesiredToken,
  { version, maxTokenLifetimeMs }: ServerFacts,
): Omit<HeldChange, 'change'> | undefined {
  const owner = 'the server';
  if (expiresInMs !== undefined && !supports(version, 'token-expiry')) {
    const since = sinceVersion('token-expiry');
    return hold('token-expiry-not-there', owner, { name, since, version });
  }
  if (maxTokenLifetimeMs === undefined) return undefined;
  const longest = durationText(maxTokenLifetimeMs);
  // The very longest life is refused by a server whose clock is a little behind.
  if (expiresInMs === undefined) return hold('token-expiry-required', owner, { name, longest });
  if (expiresInMs <= maxTokenLifetimeMs) return undefined;
  return hold('token-expiry-too-far', owner, { name, longest, wanted: durationText(expiresInMs) });
}

/**
 * What a person should know of a declared token that has expired or will soon. It stays for them to rotate it, unless
 * the schedule of the entry does so in time.
 *
 * @param current - the live tokens that stand for the entry
 * @param rotatesMs - when the schedule rotates it; absent: nothing is done by itself
 */
export function expiryNotice(
  person: string,
  { name, generation }: DesiredToken,
  current: readonly LiveToken[],
  momentMs: number,
  rotatesMs?: number,
): Notice | undefined {
  const expiresAt = Math.min(...current.map((live) => live.expiresAt ?? Infinity));
  const isCaredFor = rotatesMs !== undefined && rotatesMs < expiresAt && momentMs < expiresAt;
  if (isCaredFor || expiresAt > momentMs + soonMs) return undefined;
  const what = { mark: `${name}@${generation}`, day: utcDay(expiresAt), next: generation + 1 };
  return { ...note(expiresAt <= momentMs ? 'token-expired' : 'token-expires-soon', what), person };
}
