import { expect, test } from 'vitest';
import { wantedOwners } from '../../../src/live/read-owned.ts';
import type { DesiredUser } from '../../../src/model/desired-state.ts';
import type { LiveUser } from '../../../src/model/live-state.ts';
import type { Policy } from '../../../src/model/settings.ts';
import { token } from '../../../src/resources/token/definition.ts';
import { account, defaultPolicy, entry, matchOf, wantedToken } from '../../support/build-states.ts';

const active = account('ada');
const inactive = account('ada', { active: false });
const ci = { tokens: [wantedToken('ci')] };

test.each<readonly [string, DesiredUser, LiveUser | undefined, Partial<Policy>, needed: boolean, leftovers: boolean]>([
  ['a new person: there are none', entry('ada', {}, ci), undefined, {}, false, false],
  ['somebody of whom no tokens are declared', entry('ada'), active, {}, false, false],
  ['somebody of whom tokens are declared', entry('ada', {}, ci), active, {}, true, false],
  ['somebody of whom none are declared on purpose', entry('ada', {}, { tokens: [] }), active, {}, true, false],
  ['everybody, where foreign tokens are disabled', entry('ada'), active, { foreignTokens: 'disable' }, true, false],
  ['everybody, where foreign tokens are revoked', entry('ada'), active, { foreignTokens: 'revoke' }, true, false],
  ['nobody, where foreign tokens are ignored', entry('ada'), active, { foreignTokens: 'ignore' }, false, false],
  ['a leaver', entry('ada', { active: false }), active, {}, true, false],
  ['a returner', entry('ada', { active: true }), inactive, {}, true, false],
  ['somebody who stays away: what is left over', entry('ada', { active: false }), inactive, {}, false, true],
  [
    'somebody who stays away and may keep them',
    entry('ada', { active: false }),
    inactive,
    { leaverTokens: 'keep' },
    false,
    false,
  ],
  ['somebody inactive of whom nothing is said', entry('ada', {}, ci), inactive, {}, false, false],
])('asks for the tokens of %s', (_, desired, live, policy, needed, leftovers) => {
  const owners = wantedOwners('token', [matchOf(desired, live)], [token], { ...defaultPolicy, ...policy });

  expect(owners).toEqual({ needed: needed ? ['id-ada'] : [], ifAny: leftovers ? ['id-ada'] : [] });
});
