import { compareText } from '../model/compare.ts';
import { count } from '../model/count.ts';
import type { LiveState, ServerFacts } from '../model/live-state.ts';
import { note } from '../model/messages/notice-rows.ts';
import type { Notice } from '../model/plan.ts';
import type { Policy } from '../model/settings.ts';
import type { PersonChange } from './person-change.ts';

/** New accounts, and moves that the policy allows, with a sign-in service that is off: possible, but the person cannot sign in. */
export function serviceNotices(passed: readonly PersonChange[], facts: ServerFacts): readonly Notice[] {
  return passed.flatMap(({ person, change }) => {
    const service = person.desired.values.auth?.service;
    if (
      (change.class !== 'create' && change.class !== 'auth') ||
      service === undefined ||
      facts.signInServices.has(service)
    )
      return [];
    return [{ ...note('sign-in-service-off', { service }), person: person.desired.username }];
  });
}

/** Above its limit the server refuses to activate people, so that no deactivation can be taken back; it must be known before. */
export function oneWayNotices(passed: readonly PersonChange[], { seats }: ServerFacts): readonly Notice[] {
  const { used, limit = Number.POSITIVE_INFINITY } = seats;
  const leaving = passed.filter(({ change }) => change.class === 'deactivate').length;
  if (leaving === 0 || used - leaving < limit) return [];
  const what = {
    people: count(used, 'active person', 'active people'),
    limit,
    fewer: count(limit, 'person is', 'people are'),
  };
  return [
    leaving === 1
      ? note('deactivation-is-final', { is: 'one', ...what })
      : note('deactivation-is-final', { is: 'several', ...what, leaving }),
  ];
}

/** Invitations that the server cannot send. */
export function inviteNotices(
  passed: readonly PersonChange[],
  facts: ServerFacts,
  policy: Pick<Policy, 'invite'>,
): readonly Notice[] {
  const isNew = passed.some(({ change }) => change.class === 'create');
  if (policy.invite === 'none' || facts.sendsMail || !isNew) return [];
  return [note('mails-off', {})];
}

/** Bots that the server disables with people who leave. */
export function botNotices(
  passed: readonly PersonChange[],
  { botsThatGo = new Map() }: Pick<LiveState, 'botsThatGo'>,
): readonly Notice[] {
  return passed.flatMap(({ person: { desired, live }, change }) => {
    const bots = (change.class === 'deactivate' && botsThatGo.get(live.user?.id ?? '')) || [];
    if (bots.length === 0) return [];
    const names = bots.toSorted(compareText).join(', ');
    return [{ ...note('bots-go-along', { username: desired.username, bots: names }), person: desired.username }];
  });
}
