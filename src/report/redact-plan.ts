import type { Change, Plan, PlanValue } from '../model/plan.ts';
import { isPlanMap } from '../model/plan.ts';

/** Fields that say who somebody is. */
const personal: ReadonlySet<string> = new Set([
  'username',
  'email',
  'first_name',
  'last_name',
  'nickname',
  'auth',
  'account',
]);

/**
 * A plan without names and e-mails, for places that more people can read than may know them. The same person has the same
 * number everywhere in it. What it shows is no longer what was planned, so the digest goes.
 */
export function redactPlan(plan: Plan): Plan {
  const { digest: _, ...rest } = plan;
  const numbers = new Map<string, string>();
  const pseudonym = (name: string): string => {
    const known = numbers.get(name) ?? `person-${numbers.size + 1}`;
    numbers.set(name, known);
    return known;
  };
  const changes = [
    ...plan.actions.flatMap((action) => action.changes),
    ...[...plan.held, ...plan.blocked, ...plan.scheduled].map(({ change }) => change),
  ];
  for (const change of changes) learn(change, pseudonym);
  for (const { username } of plan.undeclared) pseudonym(username);
  for (const { person } of plan.notices) if (person !== undefined) pseudonym(person);
  pseudonym(plan.server.caller);
  return mapTexts(rest, (text) => replaceNames(text, numbers));
}

function learn({ person, attribute, before, after }: Change, pseudonym: (name: string) => string): void {
  const own = pseudonym(person);
  if (!personal.has(attribute)) return;
  for (const text of [...textsOf(before), ...textsOf(after)]) if (text !== '' && text !== own) pseudonym(text);
}

function textsOf(value: PlanValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isPlanMap(value)) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'service' || name === 'locale' || name === 'timezone'
      ? []
      : isPlanMap(part)
        ? textsOf(part)
        : typeof part === 'string'
          ? [part]
          : [],
  );
}

/** Whole words only: `ada` inside `adamant` is not a name. */
function replaceNames(text: string, numbers: ReadonlyMap<string, string>): string {
  const whole = numbers.get(text);
  if (whole !== undefined) return whole;
  return text.replace(
    /[\p{L}\p{N}._@+-]+/gu,
    (word) => numbers.get(word) ?? numbers.get(word.replace(/[.,]+$/, '')) ?? word,
  );
}

function mapTexts<Value>(value: Value, map: (text: string) => string): Value {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return map(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every text stays a text, so the shape stays
  return walk(value) as Value;
}
