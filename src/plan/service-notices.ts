import { count } from '../model/count.ts';
import type { ServerFacts } from '../model/live-state.ts';
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
    return [
      {
        code: 'sign-in-service-off',
        person: person.desired.username,
        text: `sign-in through ${service} is switched off on the server`,
        hint: `until ${service} is switched on the person cannot sign in`,
      },
    ];
  });
}

/** Above its limit the server refuses to activate people, so that no deactivation can be taken back; it must be known before. */
export function oneWayNotices(passed: readonly PersonChange[], { seats }: ServerFacts): readonly Notice[] {
  const { used, limit = Number.POSITIVE_INFINITY } = seats;
  const leaving = passed.filter(({ change }) => change.class === 'deactivate').length;
  if (leaving === 0 || used - leaving < limit) return [];
  return [
    {
      code: 'deactivation-is-final',
      text: `the server has ${count(used, 'active person', 'active people')}, and above its limit of ${limit} it activates no one: ${leaving === 1 ? 'who leaves' : `the ${leaving} who leave`} cannot come back, nor by an undo`,
      hint: `deactivate only who is never to come back, until fewer than ${count(limit, 'person is', 'people are')} active`,
    },
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
  return [
    {
      code: 'mails-off',
      text: 'policy.invite is reset_mail, and the server sends no mails: new people will not hear of their account',
      hint: 'switch on e-mail notifications on the server, or tell the new people by other means',
    },
  ];
}
