/**
 * From the text of a file to what it holds, or to everything that is wrong in it. The one way in: whether a file is
 * one of ours at all is decided here, and of any other not a word is repeated.
 */
import { notQuoted, type ProblemCode, refuse } from '../model/messages/problems.ts';
import type { Problem } from '../model/problem.ts';
import { suggest } from '../model/suggest.ts';
import type { Validator } from '../model/validator.ts';
import { checkDocument } from './check-document.ts';
import type { Flaw } from './check-schema.ts';
import { findOddBlank, oddBlankProblem } from './odd-blanks.ts';
import { otherSort } from './other-sorts.ts';
import { readYaml } from './read-yaml.ts';
import { isSecretName } from './secret-words.ts';
import type { SourceDocument } from './source-document.ts';
import { SourceText } from './source-text.ts';

/** One kind of file: what it must hold, and the keys by which it is known. */
export interface FileKind<Content> {
  /** With its article. */
  readonly noun: string;
  /** Of the root, all of them. */
  readonly keys: Readonly<Record<keyof Content & string, true>>;
  /** Fields that an empty text clears; `NAME.*`: every field of that map. */
  readonly cleared?: ReadonlySet<string>;
  readonly validate: Validator<Content>;
}

export interface DocumentText {
  /** As it is shown. */
  readonly name: string;
  readonly text: string;
  /** False: the file lies elsewhere than its name says, so nothing of it is quoted. */
  readonly isInPlace: boolean;
}

export type DocumentResult<Content> =
  | { readonly content: Content; readonly document: SourceDocument; readonly problems: readonly [] }
  | {
      readonly content?: never;
      readonly document?: never;
      readonly problems: readonly Problem[];
      /** Present where the file is one of ours, lies in its place and could be read to its end: what is wrong in it, part by part. */
      readonly flawed?: FlawedDocument;
    };

/** A file of ours of which parts cannot be used. */
export interface FlawedDocument {
  readonly document: SourceDocument;
  readonly flaws: readonly Flaw[];
}

export function readDocument<Content>(
  { name, text, isInPlace }: DocumentText,
  kind: FileKind<Content>,
): DocumentResult<Content> {
  const plainly = (list: readonly Problem[]): readonly Problem[] =>
    list.map((problem) => withoutQuotation(problem, isInPlace));
  const { document, problems } = readYaml(name, text, {
    isQuoted: isInPlace,
    ...(kind.cleared !== undefined && { cleared: kind.cleared }),
  });
  const sort = (): Problem | undefined => {
    const source = new SourceText(name, text.replace(/^\ufeff/, ''), false);
    return otherSort(source.text, (offset) => source.position(offset));
  };
  if (document === undefined) {
    const other = sort();
    if (other !== undefined) return { problems: [other] };
    return { problems: isInPlace && looksLikeOurs(text, kind, problems) ? problems : plainly(problems) };
  }
  const { content, problems: refused, flaws } = checkDocument(document, kind.validate);
  if (content !== undefined && problems.length === 0) return { content, document, problems: [] };
  const foreign = foreignRoot(document, kind);
  if (foreign.length > 0) {
    const other = sort();
    if (other !== undefined) return { problems: [other] };
    return { problems: [...plainly(problems.filter(({ code }) => isAboutShape.has(code))), ...foreign] };
  }
  if (!isInPlace) return { problems: plainly([...problems, ...refused]) };
  const ofYaml = problems.map((problem): Flaw => ({ path: document.partOf(problem), problem }));
  return { problems: [...problems, ...refused], flawed: { document, flaws: [...ofYaml, ...flaws] } };
}

/** What shows that a document is none of ours: no map, or keys that are not ours nor a slip of the pen away from them. */
function foreignRoot<Content>(document: SourceDocument, kind: FileKind<Content>): readonly Problem[] {
  const keys = document.rootKeys();
  const known = Object.keys(kind.keys);
  if (keys === undefined) {
    const found = Array.isArray(document.value) ? 'a list' : 'a text';
    const what = { is: 'root', found, kind: kind.noun, known: known.join(', ') } as const;
    return [{ ...refuse('wrong-type', what), at: document.source.position(0) }];
  }
  const hasOurs = keys.some(({ name }) => isOurKey(name, known));
  return keys
    .filter(({ name }) => !isOurKey(name, known) && !(name === '<<' && hasOurs))
    .map(({ name, offset }) => {
      const odd = findOddBlank(name);
      if (odd !== undefined) return { ...oddBlankProblem(odd.name), at: document.source.position(offset + odd.column) };
      const problem = isSecretName(name)
        ? refuse('secret-in-file', { is: 'top-level' })
        : refuse('unknown-field', { is: 'foreign', known: known.join(', ') });
      return { ...problem, at: document.source.position(offset) };
    });
}

/** What a document of another kind of file holds, or everything that the schema of ours refuses in it. */
export const holdToSchema = <Content>(
  document: SourceDocument,
  { validate }: Pick<FileKind<Content>, 'validate'>,
): ReturnType<typeof checkDocument<Content>> => checkDocument(document, validate);

const maxSlips = 2;

const isOurKey = (name: string, known: readonly string[]): boolean =>
  known.includes(name) || suggest(name, known, maxSlips) !== undefined;

/** At the left margin: a key, with its name, or something else; not what may stand there in any YAML. */
const marginKey = /^(?![\s#\]}]|-(?:--)?(?:\s|$)|\.\.\.|%)["']?([\w.-]*)["']?([ \t]*:(?=[ \t]|$))?/;
const firstKeyOfFlow = /^\s*\{\s*["']?([\w-]+)["']?\s*:/;

/** Of a text that is no YAML: whether every key at its left margin is ours, and a key of ours is the first that stands there. */
function looksLikeOurs<Content>(text: string, kind: FileKind<Content>, problems: readonly Problem[]): boolean {
  const line = problems[0]?.at?.line ?? 1;
  const known = Object.keys(kind.keys);
  let keys = 0;
  for (const [i, row] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .entries()) {
    const [, flowKey] = (keys === 0 ? firstKeyOfFlow.exec(row) : null) ?? [];
    const [found, name = '', colon] = marginKey.exec(row) ?? [];
    if (flowKey === undefined && found === undefined) continue;
    const key = flowKey ?? (colon === undefined ? undefined : name);
    const isOurs = key !== undefined && isOurKey(key, known);
    if (isOurs) keys++;
    else if (key !== undefined || keys === 0 || i + 1 < line) return false;
  }
  return keys > 0;
}

/** What is wrong with a file whatever stands in it, in words that repeat nothing of it. */
const isAboutShape: ReadonlySet<ProblemCode> = new Set([
  'yaml-expansion',
  'yaml-documents',
  'text-too-long',
  'null-value',
]);

/** Messages and hints repeat values: of a file that is not quoted only the kind of each problem stays, and its place. */
function withoutQuotation(problem: Problem, isInPlace: boolean): Problem {
  const { excerpt: _, also: __, ...plain } = problem;
  if (isOwnWords.has(problem.code)) return plain;
  const { at, standsFor } = problem;
  return {
    ...notQuoted(problem.code, isInPlace ? 'here' : 'elsewhere'),
    ...(at !== undefined && { at }),
    ...(standsFor !== undefined && { standsFor }),
  };
}

/** Problems whose words are all our own. */
const isOwnWords: ReadonlySet<ProblemCode> = new Set([
  ...isAboutShape,
  'empty-file',
  'odd-blank',
  'hidden-line-end',
  'yaml-syntax',
  'yaml-too-deep',
  'unusable-character',
  'too-many-values',
  'more-problems',
]);
