import { isRecord } from '../model/is-record.ts';
import { type ProblemText, refuse } from '../model/messages/problems.ts';
import { moreProblems, type Problem } from '../model/problem.ts';
import { isId } from '../model/server-id.ts';
import { suggest } from '../model/suggest.ts';
import { isUsername } from '../model/user-rules.ts';
import type { SchemaFlaw, SchemaFlaws } from '../model/validator.ts';
import { insteadOf } from './foreign-fields.ts';
import type { SourcePath } from './node-index.ts';
import { findOddBlank, oddBlankProblem, quote } from './odd-blanks.ts';
import { isSecretName } from './secret-words.ts';
import { isLeftOutItem, type SourceDocument } from './source-document.ts';

/** A part of a document that is not as its schema wants it. */
export interface Flaw {
  /** Of the part, or of what it stands in. */
  readonly path: SourcePath;
  /** Absent: it is told with another flaw. */
  readonly problem?: Problem;
}

/** Everything that a schema refuses in a document, each with its place and what to write instead. */
export function flawsOf(document: SourceDocument, errors: SchemaFlaws): readonly Flaw[] {
  // Of a value that does not look as it should, its length says nothing new.
  const misshapen = new Set(errors.filter(({ keyword }) => keyword === 'pattern').map(placeOf));
  const isTold = (error: SchemaFlaw): boolean =>
    isReportedAlready(document, error) || (error.keyword === 'maxLength' && misshapen.has(placeOf(error)));
  const flaws = errors.map((error): Flaw => {
    const path = parsePointer(document.value, error.instancePath);
    return isTold(error) ? { path } : { path, problem: describe(document, error) };
  });
  const { unkept = 0 } = errors;
  return unkept === 0 ? flaws : [...flaws, { path: [], problem: moreProblems(unkept) }];
}

const placeOf = ({ instancePath }: SchemaFlaw): string => instancePath;

function isReportedAlready(document: SourceDocument, error: SchemaFlaw): boolean {
  if (error.keyword === 'if' || error.keyword === 'propertyNames' || isLeftOutItem(error.data)) return true;
  const missing: unknown = error.params['missingProperty'];
  return error.keyword === 'required' && isRecord(error.data) && document.isLeftOut(error.data, String(missing));
}

const missingField = (field: string, name: string): ProblemText =>
  refuse('missing-field', name === 'version' ? { is: 'version', field } : { is: 'field', field, name });

function describe(document: SourceDocument, error: SchemaFlaw): Problem {
  const path = parsePointer(document.value, error.instancePath);
  if (error.propertyName !== undefined) return wrongKey(document, path, error.propertyName, expectedText(error));
  const field = fieldName(path, document.value);
  const found = (): string => foundText(document, path, error.data);
  const atPart = (problem: ProblemText): Problem => document.source.problem(document.offsetOf(path), problem);
  const atValue = (problem: ProblemText): Problem => document.source.problem(document.valueAt(path).offset, problem);
  const expected = expectedText(error);

  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(document, path, error);
    case 'required':
      return atPart(missingField(field, String(error.params['missingProperty'])));
    case 'type':
      return atValue(wrongType(document, path, error));
    case 'enum':
      return atValue(notOneOf(field, error.params['allowedValues'], found(), error.data, expected));
    case 'const':
      return atValue(wrongValue(field, found(), JSON.stringify(error.params['allowedValue'])));
    case 'minItems':
      return atPart(
        refuse('empty-list', expected === undefined ? { is: 'any', field } : { is: 'expected', field, expected }),
      );
    case 'maxItems':
      return atPart(refuse('too-many-items', { field, max: String(error.params['limit']) }));
    case 'uniqueItems':
      return atPart(refuse('duplicate-item', { field }));
    case 'maxLength':
      return atValue(refuse('too-long', { field, max: String(error.params['limit']) }));
    case 'not':
      return atPart(
        refuse(
          'wrong-combination',
          expected === undefined ? { is: 'excluded', field } : { is: 'named', field, expected },
        ),
      );
    default:
      return atValue(wrongValue(field, found(), expected ?? error.message ?? 'something else'));
  }
}

const wrongValue = (field: string, found: string, expected: string): ProblemText =>
  refuse('wrong-value', { is: 'value', field, found, expected });

function unknownField(document: SourceDocument, path: SourcePath, error: SchemaFlaw): Problem {
  const name = String(error.params['additionalProperty']);
  const properties: unknown = error.parentSchema?.['properties'];
  const known = isRecord(properties) ? Object.keys(properties) : [];
  const at = (problem: ProblemText, column = 0): Problem =>
    document.source.problem(document.offsetOf([...path, name]) + column, problem);
  if (isSecretName(name)) return at(refuse('secret-in-file', { is: 'field', name }));
  const odd = findOddBlank(name);
  if (odd !== undefined) return at(oddBlankProblem(odd.name), odd.column);
  const instead = insteadOf(name, known, isRecord(error.data) ? error.data[name] : undefined);
  const near = suggest(name, known);
  const where = path.length === 0 ? 'at the top level' : `in ${fieldName(path, document.value)}`;
  const what = { name: shorten(name), where };
  if (instead !== undefined) return at(refuse('unknown-field', { is: 'instead', ...what, instead }));
  return near === undefined
    ? at(refuse('unknown-field', { is: 'known', ...what, known: known.join(', ') }))
    : at(refuse('unknown-field', { is: 'near', ...what, near }));
}

function wrongKey(document: SourceDocument, path: SourcePath, name: string, expected: string | undefined): Problem {
  const what = { field: fieldName(path, document.value), found: quote(shorten(name)), expected: expected ?? 'another' };
  return document.source.problem(document.offsetOf([...path, name]), refuse('wrong-name', what));
}

function wrongType(document: SourceDocument, path: SourcePath, error: SchemaFlaw): ProblemText {
  const { data } = error;
  const wanted = String(error.params['type']);
  const what = {
    field: fieldName(path, document.value),
    found: foundText(document, path, data),
    expected: typeNames[wanted] ?? wanted,
  };
  const expected = expectedText(error);
  const instead = isSecretName(String(path.at(-1)))
    ? expected === undefined
      ? undefined
      : ({ is: 'write', instead: expected } as const)
    : rightType(wanted, data, document.valueAt(path).text, error);
  return refuse('wrong-type', { is: 'value', ...what, ...instead });
}

/** What to write for a value of the wrong type; never what would be refused next. */
type RightType =
  | { readonly is: 'write'; readonly instead: string }
  | { readonly is: 'quotes'; readonly text: string }
  | { readonly is: 'boolean' | 'list' };

function rightType(wanted: string, data: unknown, text: string, error: SchemaFlaw): RightType | undefined {
  if (wanted === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    const expected = expectedText(error);
    const pattern: unknown = error.parentSchema?.['pattern'];
    const isFit = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text);
    return isFit || expected === undefined ? { is: 'quotes', text: shorten(text) } : { is: 'write', instead: expected };
  }
  if (wanted === 'boolean' && typeof data === 'string') return { is: 'boolean' };
  if (typeof data !== 'string') return undefined;
  if (wanted === 'array') {
    const items = data.split(/[\s,;]+/).filter((item) => item !== '');
    return items.every(isPlainWord) ? { is: 'write', instead: `[${items.join(', ')}]` } : { is: 'list' };
  }
  const required: unknown = error.parentSchema?.['required'];
  const [only, ...others]: readonly unknown[] = Array.isArray(required) ? required : [];
  const isOne = wanted === 'object' && typeof only === 'string' && others.length === 0;
  return isOne && isPlainWord(data) ? { is: 'write', instead: `{ ${only}: ${data} }` } : undefined;
}

/** What may be repeated in a hint: short, and a name by its looks. */
const isPlainWord = (text: string): boolean => /^[A-Za-z][\w.-]{0,39}$/.test(text) && !isId(text);

/** @param advice - what the schema says of other values; nothing is guessed then: `on` is no slip for `off` */
function notOneOf(
  field: string,
  allowed: unknown,
  found: string,
  data: unknown,
  advice: string | undefined,
): ProblemText {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const near = typeof data === 'string' ? suggest(data, words) : undefined;
  const what = { field, found, expected: `${words.length === 1 ? '' : 'one of '}${words.join(', ')}` };
  if (advice !== undefined) return refuse('wrong-value', { is: 'advised', ...what, advice });
  return refuse('wrong-value', near === undefined ? { is: 'value', ...what } : { is: 'near', ...what, near });
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  array: 'a list',
  object: 'a map',
};

function foundText(document: SourceDocument, path: SourcePath, data: unknown): string {
  // An address may hold a password.
  const isHidden = isSecretName(String(path.at(-1))) || (typeof data === 'string' && mayHoldPassword(data));
  if (isHidden) return 'something else (not shown)';
  if (typeof data === 'number') return `the number ${shorten(document.valueAt(path).text)}`;
  if (typeof data === 'boolean') return `the value ${document.valueAt(path).text}`;
  if (typeof data === 'string') return `the text ${quote(shorten(data))}`;
  return Array.isArray(data) ? 'a list' : 'a map';
}

/** A colon, and an @ after it: not by a pattern, which would look at a long text again from every colon on. */
function mayHoldPassword(text: string): boolean {
  const colon = text.indexOf(':');
  return colon !== -1 && text.lastIndexOf('@') > colon;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** Schemas say in words what a pattern means, in `x-expected`. */
function expectedText(error: SchemaFlaw): string | undefined {
  const text: unknown = error.parentSchema?.['x-expected'];
  return typeof text === 'string' ? text : undefined;
}

/** The path that a JSON pointer means in a value: digits number the items of a list, and are keys of a map. */
function parsePointer(value: unknown, pointer: string): SourcePath {
  let part = value;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(part) ? Number(name) : name;
      part = Array.isArray(part) ? part[Number(name)] : isRecord(part) ? part[name] : undefined;
      return step;
    });
}

/** `users[3].email (ada)` for people, who count the items of a list from 1 and know a person by name. */
function fieldName(path: SourcePath, root: unknown): string {
  if (path.length === 0) return 'the file';
  let part = root;
  let owner: string | undefined;
  let name = '';
  for (const step of path) {
    part = Array.isArray(part) ? part[Number(step)] : isRecord(part) ? part[step] : undefined;
    owner ??= nameOf(part);
    name = typeof step === 'number' ? `${name}[${step + 1}]` : name === '' ? step : `${name}.${step}`;
  }
  return owner === undefined ? name : `${name} (${owner})`;
}

function nameOf(item: unknown): string | undefined {
  const name = isRecord(item) ? item['username'] : undefined;
  return typeof name === 'string' && isUsername(name) ? name : undefined;
}
