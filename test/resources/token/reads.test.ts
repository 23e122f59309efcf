import { expect, test } from 'vitest';
import { wantedOwners } from '../../../src/live/read-owned.ts';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { Policy } from '../../../src/model/settings.ts';
import { membership } from '../../../src/resources/membership/definition.ts';
import { token } from '../../../src/resources/token/definition.ts';
import { account, defaultPolicy, entry, matchOf, wantedToken } from '../../support/build-states.ts';

const active = account('ada');
const inactive = account('ada', { active: false });
const ci = { tokens: [wantedToken('ci')] };

type Wanted = keyof ReturnType<typeof wantedOwners> | 'nobody';

test.each<readonly [string, DesiredUser, LiveUser | undefined, Partial<Policy>, Wanted]>([
  ['a new person: there are none', entry('ada', {}, ci), undefined, {}, 'nobody'],
  ['somebody of whom no tokens are declared', entry('ada'), active, {}, 'nobody'],
  ['somebody of whom tokens are declared', entry('ada', {}, ci), active, {}, 'needed'],
  ['somebody of whom none are declared on purpose', entry('ada', {}, { tokens: [] }), active, {}, 'needed'],
  ['everybody, where foreign tokens are disabled', entry('ada'), active, { foreignTokens: 'disable' }, 'shown'],
  ['everybody, where foreign tokens are revoked', entry('ada'), active, { foreignTokens: 'revoke' }, 'shown'],
  ['nobody, where foreign tokens are ignored', entry('ada'), active, { foreignTokens: 'ignore' }, 'nobody'],
  ['a leaver', entry('ada', { active: false }), active, {}, 'needed'],
  ['a returner', entry('ada', { active: true }), inactive, {}, 'needed'],
  ['somebody who stays away: what is left over', entry('ada', { active: false }), inactive, {}, 'shown'],
  [
    'somebody who stays away and may keep them',
    entry('ada', { active: false }),
    inactive,
    { leaverTokens: 'keep' },
    'nobody',
  ],
  ['somebody inactive of whom nothing is said', entry('ada', {}, ci), inactive, {}, 'nobody'],
])('asks for the tokens of %s', (_, desired, live, policy, wanted) => {
  const owners = wantedOwners('token', [matchOf(desired, live)], [token], { ...defaultPolicy, ...policy });

  expect(owners).toEqual({ needed: [], ifAny: [], shown: [], ...(wanted !== 'nobody' && { [wanted]: ['id-ada'] }) });
});

test.each<readonly [string, readonly string[], Partial<ReturnType<typeof wantedOwners>>]>([
  ['that is cheap to see', [], { ifAny: ['id-ada'] }],
  ['as a whole, for an older plan', ['id-ada'], { needed: ['id-ada'], everything: ['id-ada'] }],
])('asks what a leaver of before is in, %s', (_, decided, wanted) => {
  const policy: Policy = { ...defaultPolicy, leaverMemberships: 'leave' };
  const left = matchOf(entry('ada', { active: false }), inactive);

  const owners = wantedOwners('membership', [left], [membership], policy, new Set(decided));

  expect(owners).toEqual({ needed: [], ifAny: [], shown: [], ...wanted });
});
