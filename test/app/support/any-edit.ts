/** What somebody who can write files, and has no token, may make of them: any edit, each with hashes and digests that fit. */
import { createHash } from 'node:crypto';
import { canonicalJson, digestOf } from '../../../src/model/canonical-json.ts';
import { type Draw, oneOf } from './any-pull-request.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [name: string]: Json;
}

const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** What stands under each name, wherever: an edit that puts one of them in place of another is the likeliest to pass. */
export class Vocabulary {
  readonly #values = new Map<string, Json[]>();

  learn(value: Json): void {
    if (isList(value)) for (const one of value) this.learn(one);
    if (!isMap(value)) return;
    for (const [name, one] of Object.entries(value)) {
      this.#values.set(name, [...(this.#values.get(name) ?? []), one]);
      this.learn(one);
    }
  }

  draw(name: string, pick: Draw): Json {
    const own = this.#values.get(name) ?? [];
    return own[pick(own.length)] ?? null;
  }
}

/** One place of a value is another one afterwards. */
export function editOnce(value: Json, words: Vocabulary, pick: Draw): Json {
  if (isList(value)) return value.length === 0 ? value : editList(value, words, pick);
  if (!isMap(value)) return value;
  const names = Object.keys(value);
  const name = names[pick(names.length)];
  if (name === undefined) return value;
  const { [name]: one = null, ...others } = value;
  const isDeep = isMap(one) || isList(one);
  if (isDeep && pick(4) > 0) return { ...value, [name]: editOnce(one, words, pick) };
  return pick(8) === 0 ? others : { ...value, [name]: words.draw(name, pick) };
}

function editList(list: readonly Json[], words: Vocabulary, pick: Draw): readonly Json[] {
  const [i, j] = [pick(list.length), pick(list.length)];
  const [one = null, other = null] = [list[i], list[j]];
  switch (pick(8)) {
    case 0:
      return list.toSpliced(i, 1);
    case 1:
      return [...list, one];
    case 2:
      return list.with(i, other).with(j, one);
    default:
      return list.with(i, editOnce(one, words, pick));
  }
}

export const parse = (text: string): Json => JSON.parse(text) as Json;

/** A plan file under a digest that fits. */
export function sealedPlan(value: Json): string {
  if (!isMap(value)) return canonicalJson(value);
  const { digest: _, ...plan } = value;
  return `${canonicalJson({ ...plan, digest: digestOf(plan) })}\n`;
}

/** A journal whose hashes fit, whatever its signatures are. */
export function sealedJournal(lines: readonly Json[]): string {
  let head = '0'.repeat(64);
  return lines
    .map((whole) => {
      const { hash: _, ...line } = isMap(whole) ? whole : {};
      head = createHash('sha256')
        .update(`${head}\n${canonicalJson(line)}`)
        .digest('hex');
      return `${canonicalJson({ ...line, hash: head })}\n`;
    })
    .join('');
}

/** Of a file of the state directory; without a record or more, or with others. */
export function editText(name: string, text: string, words: Vocabulary, pick: Draw): string {
  const times = 1 + pick(3);
  const edit = (value: Json): Json =>
    Array.from({ length: times }).reduce<Json>((one) => editOnce(one, words, pick), value);
  if (name.endsWith('.jsonl')) {
    const lines = text.trimEnd().split('\n').map(parse);
    const edited = edit(lines);
    return sealedJournal(isList(edited) ? edited : lines);
  }
  if (name.endsWith('.plan.json')) return sealedPlan(edit(parse(text)));
  if (name.endsWith('.json')) return canonicalJson(edit(parse(text)));
  return oneOf(pick, ['', text]);
}
