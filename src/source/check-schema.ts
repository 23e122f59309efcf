import { moreProblems, type Problem } from '../model/problem.ts';
import { suggest } from '../model/suggest.ts';
import type { SchemaFlaw, SchemaFlaws, Validator } from '../model/validator.ts';
import { isLeftOutItem, isRecord, type SourceDocument } from './build-document.ts';
import { insteadOf } from './foreign-fields.ts';
import type { SourcePath } from './node-index.ts';
import { findOddBlank, oddBlankProblem, quote } from './odd-blanks.ts';
import { isSecretName } from './secret-words.ts';

/** A part of a document that is not as its schema wants it. */
export interface Flaw {
  /** Of the part, or of what it stands in. */
  readonly path: SourcePath;
  /** Absent: it is told with another flaw. */
  readonly problem?: Problem;
}

/** What a document holds, or everything that its schema refuses in it, each with its place and what to write instead. */
export function checkDocument<Content>(
  document: SourceDocument,
  validate: Validator<Content>,
): { readonly content?: Content; readonly problems: readonly Problem[]; readonly flaws: readonly Flaw[] } {
  const { value } = document;
  if (validate(value)) return { content: value, problems: [], flaws: [] };
  const flaws = flawsOf(document, validate.errors ?? []);
  return { problems: flaws.flatMap(({ problem }) => problem ?? []), flaws };
}

function flawsOf(document: SourceDocument, errors: SchemaFlaws): readonly Flaw[] {
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

function describe(document: SourceDocument, error: SchemaFlaw): Problem {
  const path = parsePointer(document.value, error.instancePath);
  if (error.propertyName !== undefined) return wrongKey(document, path, error.propertyName, expectedText(error));
  const field = fieldName(path, document.value);
  const found = (): string => foundText(document, path, error.data);
  const at = (offset: number, problem: Omit<Problem, 'at' | 'excerpt'>): Problem =>
    document.source.problem(offset, problem);
  const atValue = (problem: Omit<Problem, 'at' | 'excerpt'>): Problem => at(document.valueAt(path).offset, problem);
  const expected = expectedText(error);

  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(document, path, error);
    case 'required':
      return at(document.offsetOf(path), {
        code: 'missing-field',
        message: `${field} has no ${String(error.params['missingProperty'])}`,
        hint: `add a line "${String(error.params['missingProperty'])}: …"`,
      });
    case 'type':
      return atValue(wrongType(document, path, error));
    case 'enum':
      return atValue(notOneOf(field, error.params['allowedValues'], found(), error.data, expected));
    case 'const':
      return atValue({
        code: 'wrong-value',
        message: `${field} is ${found()}, expected ${JSON.stringify(error.params['allowedValue'])}`,
      });
    case 'minItems':
      return at(document.offsetOf(path), {
        code: 'empty-list',
        message: `${field} is an empty list`,
        hint: expected === undefined ? 'name at least one, or delete the line' : `expected ${expected}`,
      });
    case 'maxItems':
      return at(document.offsetOf(path), {
        code: 'too-many-items',
        message: `${field} has more than ${String(error.params['limit'])} items`,
        hint: 'shorten the list',
      });
    case 'uniqueItems':
      return at(document.offsetOf(path), {
        code: 'duplicate-item',
        message: `${field} names the same item twice`,
        hint: 'keep one of the two',
      });
    case 'maxLength':
      return atValue({
        code: 'too-long',
        message: `${field} is longer than ${String(error.params['limit'])} characters`,
        hint: 'the server refuses longer values: shorten it',
      });
    case 'not':
      return at(document.offsetOf(path), {
        code: 'wrong-combination',
        message: `${field}: ${expected ?? 'these fields exclude each other'}`,
      });
    default:
      return atValue({
        code: 'wrong-value',
        message: `${field} is ${found()}, expected ${expected ?? error.message ?? 'something else'}`,
      });
  }
}

export const secretHint: string =
  'take it out and change it; a first password comes from a source of muster.yaml (initial_password), the token of muster itself from MUSTER_TOKEN';

function unknownField(document: SourceDocument, path: SourcePath, error: SchemaFlaw): Problem {
  const name = String(error.params['additionalProperty']);
  const properties: unknown = error.parentSchema?.['properties'];
  const known = isRecord(properties) ? Object.keys(properties) : [];
  if (isSecretName(name)) {
    return document.source.problem(document.offsetOf([...path, name]), {
      code: 'secret-in-file',
      message: `${name} does not belong in a file`,
      hint: secretHint,
    });
  }
  const odd = findOddBlank(name);
  if (odd !== undefined)
    return document.source.problem(document.offsetOf([...path, name]) + odd.column, oddBlankProblem(odd.name));
  const instead = insteadOf(name, known, isRecord(error.data) ? error.data[name] : undefined);
  const near = suggest(name, known);
  const where = path.length === 0 ? 'at the top level' : `in ${fieldName(path, document.value)}`;
  return document.source.problem(document.offsetOf([...path, name]), {
    code: 'unknown-field',
    message: `unknown field ${shorten(name)} ${where}`,
    hint:
      instead !== undefined
        ? `write ${instead}`
        : near === undefined
          ? `known fields: ${known.join(', ')}`
          : `did you mean ${near}?`,
  });
}

function wrongKey(document: SourceDocument, path: SourcePath, name: string, expected: string | undefined): Problem {
  return document.source.problem(document.offsetOf([...path, name]), {
    code: 'wrong-name',
    message: `${fieldName(path, document.value)} has the name ${quote(shorten(name))}, expected ${expected ?? 'another'}`,
  });
}

function wrongType(document: SourceDocument, path: SourcePath, error: SchemaFlaw): Omit<Problem, 'at' | 'excerpt'> {
  const { data } = error;
  const wanted = String(error.params['type']);
  const message = `${fieldName(path, document.value)} is ${foundText(document, path, data)}, expected ${typeNames[wanted] ?? wanted}`;
  const expected = expectedText(error);
  if (isSecretName(String(path.at(-1)))) {
    return { code: 'wrong-type', message, ...(expected !== undefined && { hint: `write ${expected}` }) };
  }
  const hint = rightType(wanted, data, document.valueAt(path).text, error);
  return { code: 'wrong-type', message, ...(hint !== undefined && { hint }) };
}

/** What to write for a value of the wrong type; never what would be refused next. */
function rightType(wanted: string, data: unknown, text: string, error: SchemaFlaw): string | undefined {
  if (wanted === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    const expected = expectedText(error);
    const pattern: unknown = error.parentSchema?.['pattern'];
    const isFit = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text);
    return isFit || expected === undefined ? `write it in quotes: "${shorten(text)}"` : `write ${expected}`;
  }
  if (wanted === 'boolean' && typeof data === 'string') return 'write true or false, without quotes';
  if (typeof data !== 'string') return undefined;
  if (wanted === 'array') {
    const items = data.split(/[\s,;]+/).filter((item) => item !== '');
    return items.every(isPlainWord) ? `write [${items.join(', ')}]` : 'begin each item with a dash, or write [a, b]';
  }
  const required: unknown = error.parentSchema?.['required'];
  const [only, ...others]: readonly unknown[] = Array.isArray(required) ? required : [];
  const isOne = wanted === 'object' && typeof only === 'string' && others.length === 0;
  return isOne && isPlainWord(data) ? `write { ${only}: ${data} }` : undefined;
}

/** What may be repeated in a hint: short, and a name by its looks. */
const isPlainWord = (text: string): boolean => /^[A-Za-z][\w.-]{0,39}$/.test(text) && !/^[a-z0-9]{26}$/.test(text);

/** @param advice - what the schema says of other values; nothing is guessed then: `on` is no slip for `off` */
function notOneOf(
  field: string,
  allowed: unknown,
  found: string,
  data: unknown,
  advice: string | undefined,
): Omit<Problem, 'at' | 'excerpt'> {
  const words = Array.isArray(allowed) ? allowed.map(String) : [];
  const near = typeof data === 'string' ? suggest(data, words) : undefined;
  const message = `${field} is ${found}, expected ${words.length === 1 ? '' : 'one of '}${words.join(', ')}`;
  const hint = advice ?? (near === undefined ? undefined : `did you mean ${near}?`);
  return { code: 'wrong-value', message, ...(hint !== undefined && { hint }) };
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

/** What is no username is not shown as one. */
function nameOf(item: unknown): string | undefined {
  const name = isRecord(item) ? item['username'] : undefined;
  return typeof name === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(name) ? name : undefined;
}
