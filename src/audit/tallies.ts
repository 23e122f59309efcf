/** The figures that reports draw: how the accounts and tokens of a server are spread. Pure. */
import type { AuditSubject } from '../model/audit.ts';
import { compareText } from '../model/compare.ts';
import { dayMs } from '../model/duration.ts';
import type { AuditSummary, Tally } from '../model/generated/audit-report.ts';
import { groupBy } from '../model/group-by.ts';
import { parseMark } from '../model/token-mark.ts';

export type Tallies = Pick<AuditSummary, 'by_state' | 'by_sign_in' | 'by_role' | 'tokens_by_age'>;

export function talliesOf(subjects: readonly AuditSubject[], nowMs: number): Tallies {
  const active = subjects.filter(({ account }) => account.values.active);
  const inState = counter(subjects.map(stateOf));
  const ofAge = counter(
    subjects.flatMap(({ live: { token = [] } }) => token.map(({ description }) => ageOf(description, nowMs))),
  );
  return {
    by_state: {
      people_active: inState('people_active'),
      people_inactive: inState('people_inactive'),
      bots_active: inState('bots_active'),
      bots_inactive: inState('bots_inactive'),
      remote: inState('remote'),
    },
    by_sign_in: tally(active.filter((one) => stateOf(one) === 'people_active').map(signInOf)),
    by_role: tally(active.flatMap(({ account }) => account.values.roles)),
    tokens_by_age: {
      within_month: ofAge('within_month'),
      within_quarter: ofAge('within_quarter'),
      within_year: ofAge('within_year'),
      older: ofAge('older'),
      unknown: ofAge('unknown'),
    },
  };
}

type State = keyof AuditSummary['by_state'];
type Age = keyof AuditSummary['tokens_by_age'];

function stateOf({ account: { isBot, isRemote, values } }: AuditSubject): State {
  if (isRemote) return 'remote';
  if (isBot) return values.active ? 'bots_active' : 'bots_inactive';
  return values.active ? 'people_active' : 'people_inactive';
}

const signInOf = ({ account }: AuditSubject): string => account.values.auth.service;

/** Only the mark of muster says when a token was made. */
function ageOf(description: string, nowMs: number): Age {
  const mark = parseMark(description);
  if (mark === undefined) return 'unknown';
  const days = (nowMs - Date.parse(mark.date)) / dayMs;
  if (days <= 30) return 'within_month';
  if (days <= 90) return 'within_quarter';
  return days <= 365 ? 'within_year' : 'older';
}

function counter<Key>(keys: readonly Key[]): (key: Key) => number {
  const groups = groupBy(keys, (key) => key);
  return (key) => groups.get(key)?.length ?? 0;
}

/** Most first, then by name. */
function tally(names: readonly string[]): readonly Tally[] {
  return [...groupBy(names, (name) => name)]
    .map(([name, { length: count }]) => ({ name, count }))
    .toSorted((one, other) => other.count - one.count || compareText(one.name, other.name));
}
