import { isPlanMap, type Plan, type PlanValue, type SettingDifference, type UnusableEntry } from '../model/plan.ts';
import {
  type AttributeRow,
  attributeNames,
  attributeOfField,
  isUserAttribute,
  userAttributes,
} from '../model/user-attributes.ts';
import { NumberedNames } from './numbered-names.ts';

type AttributeSays = AttributeRow<unknown, unknown>['says'];

const attributesThatSay = (what: AttributeSays): readonly string[] =>
  attributeNames.filter((name) => userAttributes[name].says === what);

/** Fields, and keys of maps, whose texts name a person. */
const personal: ReadonlySet<string> = new Set([
  ...attributesThatSay('who'),
  ...attributeNames.flatMap((name) => userAttributes[name].keysThatSayWho ?? []),
]);

/** Keys whose texts are words of ours or of the server: a person who is called like one of them must not change them. */
const neverPersonal: ReadonlySet<string> = new Set([
  'format',
  'version',
  'digest',
  'approval',
  'expires',
  'rule',
  'due',
  'last_declared',
  'tool',
  'server.url',
  'server.key',
  'server.version',
  'desired.moment',
  'compared.base',
  'compared.commit',
  'differences.field',
  'class',
  'classes',
  'rail',
  'rule',
  'code',
  'operation',
  'service',
  ...attributesThatSay('words'),
  'lane',
  'status',
  'written',
  'started',
  'summary',
]);

/** Texts of one plan with numbers instead of names. */
export interface Redaction {
  readonly plan: Plan;
  readonly text: (text: string) => string;
  /** Every text in plain data, but for those that are never personal. */
  readonly data: <Value>(value: Value) => Value;
}

/**
 * A plan without names and e-mails, for places that more people can read than may know them. The same person has the same
 * number everywhere in it. What it shows is no longer what was planned, so the digest goes.
 */
export function redactPlan(plan: Plan): Plan {
  return redactionOf(plan).plan;
}

/** What makes a plan, and whatever else speaks of its people, readable without names. */
export function redactionOf(plan: Plan): Redaction {
  const names = learnNames(plan);
  const data = <Value>(value: Value): Value => mapTexts(value, names);
  const { digest: _, unusable, ...rest } = plan;
  const shown = unusable === undefined ? rest : { ...rest, unusable: unusable.map(withoutWords) };
  return { plan: data(shown), text: (text) => names.replace(text), data };
}

/** What a file says where it is wrong may be anybody's name, and nothing tells which word of a message it is. */
function withoutWords({ problems, ...rest }: UnusableEntry): UnusableEntry {
  return {
    ...rest,
    problems: problems.map(({ code, file, line, column }) => ({
      code,
      message: `${code.replaceAll('-', ' ')} (not shown)`,
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
    })),
  };
}

function learnNames({
  actions,
  unusable,
  held,
  blocked,
  scheduled,
  notices,
  undeclared,
  previously_declared: previously,
  owed_roles: owed,
  narrowed,
  approvals,
  compared,
  server,
  takes_back: takesBack,
}: Plan): NumberedNames {
  const names = new NumberedNames();
  const changes = [
    ...actions.flatMap((action) => action.changes),
    ...[...held, ...blocked, ...scheduled].map(({ change }) => change),
  ];
  for (const { person } of changes) names.addPerson(person);
  for (const { username } of [...undeclared, ...(previously ?? [])]) names.addPerson(username);
  for (const { person, holder } of notices)
    for (const name of [person, holder]) if (name !== undefined) names.addPerson(name);
  for (const { person, left_alone: alone = [] } of unusable ?? [])
    for (const name of [...(person === undefined ? [] : [person]), ...alone]) names.addPerson(name);
  for (const { person } of owed ?? []) names.addPerson(person);
  for (const username of narrowed?.users ?? []) names.addPerson(username);
  for (const { by, authorship } of approvals ?? [])
    for (const name of [by, authorship?.author]) if (name !== undefined) names.addPerson(name);
  for (const { approval_refused: refused } of blocked) if (refused !== undefined) names.addPerson(refused.by);
  for (const difference of compared?.differences ?? []) for (const name of namesIn(difference)) names.addPerson(name);
  names.addPerson(server.caller);
  if (takesBack !== undefined) names.addPerson(takesBack.caller);
  // Accounts that the plan names only as holders of a taken name.
  for (const { holder } of blocked) if (holder !== undefined) names.addPerson(holder);
  for (const { person, attribute, before, after } of changes) {
    learnValue(names, person, attribute, before);
    learnValue(names, person, attribute, after);
  }
  return names;
}

/** People whose entries differ, and whom the approvals, the waivers and the protected accounts of a pull request name. */
function namesIn({ person, people, field, before, after }: SettingDifference): readonly string[] {
  if (person !== undefined || people !== undefined) return people ?? [person ?? ''];
  return [before, after].flatMap((value): readonly string[] => {
    if (field === 'policy.protect') return isList(value) ? value.filter((name) => !name.startsWith('id:')) : [];
    if ((field !== 'approval' && field !== 'waiver') || !isPlanMap(value)) return [];
    const { by, users } = value;
    return [...(typeof by === 'string' ? [by] : []), ...(isList(users) ? users : [])];
  });
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value);

/** @param attribute - such as `email`, `notify_props.mention_keys`, or `account` for all fields of a new one */
function learnValue(names: NumberedNames, person: string, attribute: string, value: PlanValue | undefined): void {
  const field = attribute.slice(attribute.lastIndexOf('.') + 1);
  if (typeof value === 'string' && personal.has(field)) names.addDetail(person, field, value);
  if (!isPlanMap(value)) return;
  for (const [name, part] of Object.entries(value)) {
    if (field === 'auth' && name === 'data' && typeof part === 'string') names.addDetail(person, 'auth', part);
    else if (typeof part === 'string' || isPlanMap(part)) learnValue(names, person, name, part);
  }
}

function mapTexts<Value>(value: Value, names: NumberedNames): Value {
  const walk = (part: unknown, key: string, person: string): unknown => {
    if (typeof part === 'string') {
      // The attributes of accounts are words of the format; the names of what accounts own are free text.
      return key === 'attribute' && (part === 'account' || isUserAttribute(attributeOfField(part)))
        ? part
        : names.replace(part, person);
    }
    if (Array.isArray(part)) return part.map((item) => walk(item, key, person));
    if (typeof part !== 'object' || part === null) return part;
    const whose = personOf(part) ?? person;
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => {
        const isOurs =
          neverPersonal.has(name) || neverPersonal.has(`${key}.${name}`) || (isSide(name) && saysWords(part));
        return [name, isOurs ? inner : walk(inner, name, whose)];
      }),
    );
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every text stays a text, so the shape stays
  return walk(value, '', '') as Value;
}

const isSide = (name: string): boolean => name === 'before' || name === 'after';

/** Whether a change is of an attribute whose values are words of the server. */
function saysWords(change: object): boolean {
  if (!('attribute' in change) || typeof change.attribute !== 'string') return false;
  return isUserAttribute(change.attribute) && userAttributes[change.attribute].says === 'words';
}

function personOf(part: object): string | undefined {
  if ('person' in part && typeof part.person === 'string') return part.person;
  if ('change' in part && typeof part.change === 'object' && part.change !== null) return personOf(part.change);
  return undefined;
}
