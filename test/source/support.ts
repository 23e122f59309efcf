import type { Problem } from '../../src/model/problem.ts';
import { readYaml } from '../../src/source/read-yaml.ts';
import type { SourceDocument } from '../../src/source/source-document.ts';

/** The problems of a text, each as `code line:column`. */
export function placesOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, at }) => `${code} ${at?.line}:${at?.column}`);
}

/** A text that can be read, without problems. */
export function read(text: string): SourceDocument {
  const { document, problems } = readYaml('f.yaml', text);
  if (document === undefined || problems.length > 0) throw new Error(`cannot be read: ${JSON.stringify(problems)}`);
  return document;
}

/** What a value looks like without regard to prototypes. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
