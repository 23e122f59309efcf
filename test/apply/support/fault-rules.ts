/** What must hold of every run, whatever went wrong in it. */
import { isCallOf } from '../../../src/model/calls.ts';
import { MusterError } from '../../../src/model/muster-error.ts';
import type { FinishedAction } from '../../../src/model/outcome.ts';
import type { Call, CallFields, CreateTokenCall } from '../../../src/model/plan.ts';
import { isMarkOf, parseMark } from '../../../src/model/token-mark.ts';
import { standingAfter } from '../../../src/resources/membership/definition-judge.ts';
import type { PersonState, SandboxState } from '../../../src/sandbox/index.ts';
import type { Passage } from './door.ts';
import { type Attempted, type FaultTale, isSettled } from './fault-run.ts';
import { differences, markOf, portraitOf } from './portrait.ts';
import { isWrite } from './stage.ts';
import { keyOf, type Write, writeOf } from './writes.ts';

export interface Expectations {
  /** The same world after runs without a fault. */
  readonly undisturbed: FaultTale;
  /** A look could not know better: a write may have been carried out twice, and a plan be made of old data. */
  readonly isDeceived: boolean;
}

/** All that went against a rule; empty when nothing did. */
export function violationsOf(tale: FaultTale, { undisturbed, isDeceived }: Expectations): readonly string[] {
  return [
    ...tale.complaints,
    ...unsettled(tale),
    ...differences(portraitOf(undisturbed.end), portraitOf(tale.end), blockedIn([tale, undisturbed])),
    ...strayTokens(tale),
    ...sentBlindly(tale),
    ...(isDeceived ? [] : doneTwice(tale)),
    ...tale.attempts.flatMap((attempt, i) =>
      [...wrongEnd(attempt), ...untrueResults(attempt, tale)].map((text) => `run ${i + 1}: ${text}`),
    ),
    ...(isDeceived ? [] : promisesBroken(tale.attempts)),
    ...tale.attempts.flatMap(({ lastedMs }, i) =>
      lastedMs > longestMs ? [`run ${i + 1} took ${lastedMs / 60_000} minutes`] : [],
    ),
  ];
}

/** Ten times the longest wait that muster makes for a limiter, and some time for everything else. */
const longestMs = 60 * 60_000;

/**
 * People of whom a rail blocks something in the end. What a rail allows depends on what is there already: of two changes that may
 * be made together one can be blocked once the other was made without it.
 */
function blockedIn(tales: readonly FaultTale[]): ReadonlySet<string> {
  return new Set(
    tales.flatMap(({ attempts, namesOf }) =>
      (attempts.at(-1)?.run?.plan.blocked ?? []).flatMap(({ change }) => namesOf(change.person)),
    ),
  );
}

function unsettled({ attempts }: FaultTale): readonly string[] {
  const last = attempts.at(-1);
  if (isSettled(last)) return [];
  const left = last?.run?.plan.actions.map(({ person, call }) => `${call.operation} of ${person}`) ?? [
    String(last?.error),
  ];
  return [`after ${attempts.length - 1} runs there is still something to do: ${left.join(', ')}`];
}

/** No live token that nobody knows: every one that muster made is the only one of its name, and its secret stands in the sink. */
function strayTokens({ begin, end, sink }: FaultTale): readonly string[] {
  const old = new Set(begin.tokens.map(({ id }) => id));
  const owners = new Map(end.people.map((one) => [one.id, one]));
  const live = end.tokens.filter(
    ({ is_active: isLive, description }) => isLive && parseMark(description) !== undefined,
  );
  const names = live.map(
    ({ user_id, description }) => `${owners.get(user_id)?.username ?? '?'}~${markOf(description)}`,
  );
  const made = new Set(names.filter((_, i) => !old.has(live[i]?.id ?? '')));
  const doubled = names
    .filter((name, i) => made.has(name) && names.indexOf(name) !== i)
    .map((name) => `${name} lives twice`);
  // A file is named by the entry, whose username the account may not have got yet.
  const kept = new Set([...sink].map(([file, id]) => `${file.split('~')[1]} ${id}`));
  const lost = live.flatMap(({ id, user_id, description }, i) => {
    const isKnown = old.has(id) || owners.get(user_id)?.delete_at !== 0 || kept.has(`${markOf(description)} ${id}`);
    return isKnown ? [] : [`the secret of ${names[i]} is not in the sink`];
  });
  return [...doubled, ...lost];
}

/** Whether muster cannot know what became of a request. */
const isUnknown = ({ seen }: Passage): boolean =>
  seen === 'lost' || seen === undefined || seen === 408 || (seen >= 500 && seen !== 501);

const isDone = ({ served = 0 }: Passage): boolean => served >= 200 && served < 300;

/** After a loss somebody has to look, at the account or at its tokens, before the same is sent once more. */
function sentBlindly(tale: FaultTale): readonly string[] {
  const lost = new Map<string, Write>();
  const found: string[] = [];
  for (const passage of tale.passages) {
    const write = writeOf(passage, tale.owners);
    if (write === undefined) {
      for (const [key, open] of lost) if (looksAt(passage, open)) lost.delete(key);
      continue;
    }
    if (lost.has(write.key)) found.push(`${write.key} was sent again without a look`);
    if (isUnknown(passage)) lost.set(write.key, write);
    else lost.delete(write.key);
  }
  return found;
}

function looksAt({ method, path, body }: Passage, { subjects, isToken }: Write): boolean {
  if (isWrite({ method, path })) return false;
  if (isToken && !path.startsWith('/users/tokens')) return false;
  const asked = `${decodeURIComponent(path)} ${JSON.stringify(body ?? '')}`;
  return subjects.some((subject) => asked.includes(subject));
}

/** A token may be made again once the lost one is gone; everything else is done once. */
function doneTwice(tale: FaultTale): readonly string[] {
  const counts = new Map<string, number>();
  for (const passage of tale.passages) {
    const write = writeOf(passage, tale.owners);
    if (write === undefined || !isDone(passage) || write.key.startsWith('create-token')) continue;
    const text = `${write.key} ${JSON.stringify(passage.body ?? '')}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([text, count]) => `${text} was carried out ${count} times`);
}

/** An error that ends a run is muster's own, and the server's fault; every action of a plan has one result. */
function wrongEnd({ run, error, code }: Attempted): readonly string[] {
  if (run === undefined) {
    const isTold = error instanceof MusterError && (code === 5 || code === 6 || code === 8);
    return isTold ? [] : [`it ended with ${code}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`];
  }
  const planned = run.plan.actions.map(({ id }) => id).toSorted();
  const ended = run.results.map(({ action }) => action.id).toSorted();
  const isGood = run.results.every(({ outcome }) => outcome.status === 'done');
  return [
    ...(run.plan.actions.length === 0 || JSON.stringify(planned) === JSON.stringify(ended)
      ? []
      : ['results do not match the plan']),
    ...((code === 0) === isGood && (code === 0 || code === 6)
      ? []
      : [`code ${code}, although ${isGood ? 'all' : 'not all'} was done`]),
  ];
}

/** After a run that ends with 0 there is nothing left to do; but what was blocked may be possible by then. */
function promisesBroken(attempts: readonly Attempted[]): readonly string[] {
  return attempts.flatMap(({ code, run }, i) => {
    const left = attempts[i + 1]?.run?.plan.actions ?? [];
    if (code !== 0 || run === undefined || run.plan.blocked.length > 0 || left.length === 0) return [];
    return [`run ${i + 1} ended with 0, and then there was ${left.map(({ call }) => call.operation).join(', ')}`];
  });
}

/** What was reported as done is so; what was reported as not written was not sent, or refused. */
function untrueResults({ run, passages, after }: Attempted, tale: FaultTale): readonly string[] {
  if (run === undefined) return [];
  const carriedOut = new Set(passages.filter(isDone).flatMap((passage) => writeOf(passage, tale.owners)?.key ?? []));
  const denied = run.results.filter(({ action, outcome }) => {
    const isDenied =
      outcome.status === 'stale' ||
      outcome.status === 'skipped' ||
      (outcome.status === 'failed' && outcome.written === 'no');
    // A token that could not be kept was made, and taken away again.
    return isDenied && action.call.operation !== 'create-token' && carriedOut.has(keyOf(action) ?? '');
  });
  return [
    ...denied.map(
      ({ action, outcome }) => `${keyOf(action) ?? ''} was carried out, and is reported as ${outcome.status}`,
    ),
    ...unfulfilled(run.results, after),
  ];
}

type Claim = {
  readonly what: string;
  readonly holds: (person: PersonState | undefined, state: SandboxState) => boolean;
};

/** Claims of later actions take the place of those of earlier ones about the same. */
function unfulfilled(results: readonly FinishedAction[], state: SandboxState): readonly string[] {
  const claims = new Map<string, Claim & { readonly action: FinishedAction['action'] }>();
  for (const { action, outcome } of results) {
    for (const claim of [...claimsOf(action.call), ...claimsOfPlace(action)]) {
      const key = `${action.person} ${claim.what}`;
      if (outcome.status === 'done') claims.set(key, { ...claim, action });
      else if (outcome.status === 'failed') claims.delete(key);
    }
  }
  return [...claims.values()].flatMap(({ action, what, holds }) => {
    const person = state.people.find(({ id, username }) =>
      action.account === undefined ? username === action.person : id === action.account,
    );
    return holds(person, state)
      ? []
      : [`${action.call.operation} of ${action.person} is reported as done, but not ${what}`];
  });
}

const texts = ['username', 'email', 'first_name', 'last_name', 'nickname', 'position', 'locale'] as const;

function claimsOf(call: Call): readonly Claim[] {
  const isLive = (id: string, { tokens }: SandboxState): boolean | undefined =>
    tokens.find((one) => one.id === id)?.is_active;
  switch (call.operation) {
    case 'create-user':
      return [...fieldClaims(call.fields), authClaim(call.auth?.service ?? '')];
    case 'patch-user':
      return fieldClaims(call.fields);
    case 'set-auth':
      return [authClaim(call.auth.service)];
    case 'set-password':
      return [authClaim('')];
    case 'disable-mfa':
      return [{ what: 'mfa', holds: (person) => person?.mfa_active === false }];
    case 'set-roles':
      return [rolesClaim((roles) => roles.toSorted().join(' ') === [...new Set(call.roles)].toSorted().join(' '))];
    case 'promote-guest':
      return [rolesClaim((roles) => !roles.includes('system_guest'))];
    case 'demote-to-guest':
      return [rolesClaim((roles) => roles.includes('system_guest'))];
    case 'activate':
    case 'deactivate':
      return [{ what: 'active', holds: (person) => (person?.delete_at === 0) === (call.operation === 'activate') }];
    case 'create-token':
      return [
        {
          what: `${call.name}@${call.generation}`,
          holds: (person, state) => liveOnes(person, state, call) === 1,
        },
      ];
    case 'enable-token':
    case 'disable-token':
      return [
        { what: call.token, holds: (_, state) => isLive(call.token, state) === (call.operation === 'enable-token') },
      ];
    case 'revoke-token':
      return [{ what: call.token, holds: (_, state) => isLive(call.token, state) === undefined }];
    case 'join-team':
    case 'leave-team':
    case 'set-team-role':
    case 'join-channel':
    case 'leave-channel':
    case 'set-channel-role':
      return [];
  }
}

/** What a person is in a place once a call about it is done. */
function claimsOfPlace({ call, precondition: { membership } }: FinishedAction['action']): readonly Claim[] {
  if (membership === undefined || !isCallOf('membership', call)) return [];
  const { place, is } = membership;
  const holds: Claim['holds'] = (person, { memberships }) => {
    const row = memberships.find((one) => one.place === place && one.username === person?.username && !one.left);
    const now = row === undefined ? 'none' : row.roles.includes('_admin') ? 'admin' : 'member';
    return now === standingAfter(call, is);
  };
  return [{ what: place, holds }];
}

function fieldClaims(fields: CallFields): readonly Claim[] {
  return texts.flatMap((what): readonly Claim[] => {
    const wanted = fields[what];
    return wanted === undefined ? [] : [{ what, holds: (person) => person?.[what] === wanted }];
  });
}

const authClaim = (service: string): Claim => ({ what: 'auth', holds: (person) => person?.auth_service === service });

function rolesClaim(isRight: (roles: readonly string[]) => boolean): Claim {
  return { what: 'roles', holds: (person) => isRight([...new Set(person?.roles.split(' '))]) };
}

/** What bears the name alone was not made by muster. */
const liveOnes = (person: PersonState | undefined, { tokens }: SandboxState, call: CreateTokenCall): number =>
  tokens.filter((one) => one.user_id === person?.id && one.is_active && isMarkOf(call, one.description)).length;
