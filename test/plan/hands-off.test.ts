import { describe, expect, test } from 'vitest';
import { changeClasses } from '../../src/model/change-classes.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { handsOffOf } from '../../src/plan/hands-off.ts';
import { account, contextOf, entry, matchOf, root, type World } from '../support/build-states.ts';

const ada = account('ada');
const protect = (...names: readonly string[]): World => ({ policy: { protect: names } });
const ownedBy = (ownerId: string): World => ({
  facts: { caller: { id: 'id-bot', username: 'bot', ownerId, permissions: new Set() } },
});

function codeOf(username: string, live: LiveUser | undefined, world: World): string | undefined {
  return handsOffOf(matchOf(entry(username), live), contextOf(world))?.code;
}

describe('keeps its hands off', () => {
  test.each<readonly [string, string, LiveUser | undefined, World, string | undefined]>([
    ['a name that is protected', 'ada', ada, protect('ada'), 'protected'],
    ['a name that is protected, in another case', 'ada', ada, protect('Ada'), 'protected'],
    ['an id that is protected', 'ada', ada, protect('id:id-ada'), 'protected'],
    ['the account of a protected name that would be renamed', 'lovelace', ada, protect('ada'), 'protected'],
    ['whoever would become a protected name', 'ada', account('other'), protect('ada'), 'protected'],
    ['a protected name that is not there yet', 'ada', undefined, protect('ada'), 'protected'],
    ['the caller', 'root', root, {}, 'caller'],
    ['the caller, also under a new name', 'chief', root, {}, 'caller'],
    ['a protected caller altogether', 'root', root, protect('root'), 'protected'],
    ['the owner of the calling bot', 'ada', ada, ownedBy('id-ada'), 'caller-owner'],
    ['nobody for an id that only looks like a name', 'ada', ada, protect('id-ada'), undefined],
    ['nobody for a name that only looks like an id', 'ada', ada, protect('id:ada'), undefined],
    ['nobody else', 'ada', ada, { ...protect('bob'), ...ownedBy('id-bob') }, undefined],
  ])('%s', (_, username, live, world, code) => {
    expect(codeOf(username, live, world)).toBe(code);
  });

  test('everything of a protected account, and only access of the caller and the owner', () => {
    const match = matchOf(entry('ada'), ada);
    const reached = (world: World): readonly string[] => {
      const classes = handsOffOf(match, contextOf(world))?.classes ?? new Set(changeClasses);
      return changeClasses.filter((name) => !classes.has(name));
    };

    expect(reached(protect('ada'))).toEqual([]);
    expect(reached({ facts: { caller: { id: 'id-ada', username: 'ada', permissions: new Set() } } })).toEqual([
      'create',
      'rename',
      'update',
      'team-join',
      'channel-join',
    ]);
    expect(reached(ownedBy('id-ada'))).toEqual(['email', 'rename', 'update']);
  });
});
