import type { Problem } from '../model/problem.ts';
import type { Validator } from '../model/validator.ts';
import { type Flaw, flawsOf } from './check-schema.ts';
import type { SourceDocument } from './source-document.ts';

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
