import type { ServerFacts } from '../model/live-state.ts';
import type { Notice } from '../model/plan.ts';
import type { PersonChange } from './person-change.ts';

/** New accounts, and moves that the policy allows, with a sign-in service that is off: possible, but nobody gets in. */
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
