/** Changes of tokens as a plan names them, and the calls that make them. */
import { type ClassesByKind, isChangeOf } from '../../model/change-classes.ts';
import type { DesiredToken } from '../../model/desired-state.ts';
import { destinationOf } from '../../model/destinations.ts';
import { durationText } from '../../model/duration.ts';
import type { LiveToken } from '../../model/live-state.ts';
import type { ActionDraft, Change, ChangeClass, ChangeTokenCall, Reason } from '../../model/plan.ts';
import type { Person, PlanContext } from '../../model/resource-definition.ts';
import { isMarkOf, parseMark } from '../../model/token-mark.ts';
import { hasSchedule } from './definition-lineage.ts';
import { termsOf } from './definition-renewal.ts';

export const changeId = (person: Person, changeClass: ChangeClass, live: LiveToken): string =>
  `${person.desired.username}/tokens/${live.id}/${changeClass}`;

/** Tokens are shown by their mark or description and known by their id, which is not their secret. */
export function tokenChange(person: Person, changeClass: ChangeClass, live: LiveToken, reason: Reason): Change {
  const mark = parseMark(live.description);
  const name = mark === undefined ? live.id : `${mark.name}@${mark.generation}`;
  const before = live.enabled ? 'enabled' : 'disabled';
  return {
    id: changeId(person, changeClass, live),
    class: changeClass,
    person: person.desired.username,
    attribute: `tokens.${name}`,
    before,
    ...(changeClass === 'token-enable' && { after: 'enabled' }),
    ...(changeClass === 'token-disable' && { after: 'disabled' }),
    reason: mark === undefined ? { ...reason, text: `${reason.text} (${live.description})` } : reason,
  };
}

export function createChange(person: Person, wanted: DesiredToken, reason: Reason, context: PlanContext): Change {
  const name = `${wanted.name}@${wanted.generation}`;
  const terms = termsOf(wanted, context.delivery);
  return {
    id: `${person.desired.username}/tokens/${name}/token-create`,
    class: 'token-create',
    person: person.desired.username,
    attribute: `tokens.${name}`,
    after: wanted.expiresInMs === undefined ? 'enabled' : `enabled for ${durationText(wanted.expiresInMs)}`,
    destination: destinationOf(wanted.sink, context.delivery),
    ...(terms !== undefined && { terms }),
    reason,
  };
}

/** The calls that make changes of one person's tokens. Every change given comes back in exactly one action. */
export function tokenActions(person: Person, changes: readonly Change[]): readonly ActionDraft[] {
  return changes
    .filter((change) => isChangeOf('token', change))
    .flatMap((change) =>
      change.class === 'token-create'
        ? createAction(person, change)
        : changeAction(person, change, operationOf[change.class]),
    );
}

function createAction(person: Person, change: Change): readonly ActionDraft[] {
  const wanted = person.desired.tokens?.find(
    ({ name, generation }) => change.attribute === `tokens.${name}@${generation}`,
  );
  if (wanted === undefined) return [];
  const { user } = person.live;
  const account = user === undefined ? {} : { account: user.id };
  return [
    {
      phase: 'tokens',
      ...account,
      changes: [change],
      precondition: { ...account, fields: {} },
      call: {
        operation: 'create-token',
        name: wanted.name,
        generation: wanted.generation,
        ...(wanted.sink !== undefined && { sink: wanted.sink }),
        ...(wanted.expiresInMs !== undefined && { expires_in: wanted.expiresInMs / 1000 }),
        ...(hasSchedule(wanted) && { replaces: alike(wanted, person.live.token ?? []) }),
        check: true,
      },
    },
  ];
}

/** Ids of the tokens that carry the mark of the wanted one already. */
const alike = (wanted: DesiredToken, tokens: readonly LiveToken[]): readonly string[] =>
  tokens.filter(({ description }) => isMarkOf(wanted, description)).map(({ id }) => id);

type ChangeTokenClass = Exclude<ClassesByKind['token'], 'token-create'>;

const operationOf: Readonly<Record<ChangeTokenClass, ChangeTokenCall['operation']>> = {
  'token-enable': 'enable-token',
  'token-disable': 'disable-token',
  'token-revoke': 'revoke-token',
};

function changeAction(person: Person, change: Change, operation: ChangeTokenCall['operation']): readonly ActionDraft[] {
  const { live: known, seen } = person;
  const { user } = known;
  const live = (known.token ?? seen?.token)?.find((one) => changeId(person, change.class, one) === change.id);
  if (live === undefined || user === undefined) return [];
  const isRetirement = change.part_of === 'rotation';
  return [
    {
      phase: change.class === 'token-enable' ? 'tokens' : isRetirement ? 'retire-tokens' : 'disable-tokens',
      account: user.id,
      changes: [change],
      precondition: { account: user.id, fields: {}, token: { id: live.id, enabled: live.enabled } },
      call: { operation, token: live.id },
    },
  ];
}
