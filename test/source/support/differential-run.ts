/** One text, read by the quick reader and by two parsers of YAML. */
import { parse } from 'yaml';
import { canonicalJson } from '../../../src/model/canonical-json.ts';
import { readAnyYaml } from '../../../src/source/any-yaml.ts';
import { readPlain } from '../../../src/source/read-plain.ts';
import { SourceText } from '../../../src/source/source-text.ts';
import { randomFrom } from '../../support/read-fault-run.ts';
import { anyJson, anyYaml } from './any-yaml.ts';

/** Of the same text by the slow way. */
export function readSlowly(text: string): unknown {
  const { document, problems } = readAnyYaml(new SourceText('f.yaml', text));
  return problems.length > 0 ? problems : document?.value;
}

export interface Difference {
  readonly text: string;
  readonly value: unknown;
  readonly other: unknown;
}

/** What the quick reader made of the text of a seed: nothing, since it is not sure; the same as both parsers; or something else. */
export function differentialRun(seed: number): 'left to others' | 'same' | Difference {
  const pick = randomFrom(seed);
  const text = pick(4) === 0 ? anyJson(pick) : anyYaml(pick);
  const value = readPlain(text);
  if (value === undefined) return 'left to others';
  for (const other of [readSlowly(text), parse(text, { schema: 'core', version: '1.2', stringKeys: true })])
    if (canonicalJson(other) !== canonicalJson(value)) return { text, value, other };
  return 'same';
}
