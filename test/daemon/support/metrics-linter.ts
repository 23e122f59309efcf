/**
 * Judges a page of metrics by the text format of Prometheus (version 0.0.4) and its rules for names: one block for each
 * metric, help and type once and first, labels and values as they may be, no series twice, histograms that add up.
 */
import { groupBy } from '../../../src/model/group-by.ts';

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  type: string;
  help: string;
  readonly samples: Sample[];
}

const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/;
const sampleLine = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:${label.source}(?:,${label.source})*,?)?)\\})? ([-+]?(?:Inf|NaN|[0-9.]+(?:e[-+]?[0-9]+)?))$`,
);

export function flawsOfMetrics(text: string): readonly string[] {
  const flaws: string[] = [];
  const families = new Map<string, Family>();
  let current: Family | undefined;
  if (text !== '' && !text.endsWith('\n')) flaws.push('the last line has no end');
  const openFamily = (name: string, line: string): Family => {
    if (current?.name === name) return current;
    if (families.has(name)) flaws.push(`in two blocks: ${line}`);
    current = { name, type: '', help: '', samples: [] };
    families.set(name, current);
    return current;
  };
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line) ?? [];
    if (kind !== undefined) {
      const family = openFamily(name, line);
      if (family.samples.length > 0) flaws.push(`after its samples: ${line}`);
      if ((kind === 'HELP' ? family.help : family.type) !== '') flaws.push(`twice: ${line}`);
      if (kind === 'HELP') family.help = rest;
      else family.type = rest;
      if (kind === 'TYPE' && !/^(?:counter|gauge|histogram|summary|untyped)$/.test(rest))
        flaws.push(`no type: ${line}`);
      if (kind === 'HELP' && /\\(?![\\n])/.test(rest)) flaws.push(`not escaped: ${line}`);
    } else if (line.startsWith('#')) flaws.push(`a comment that says nothing: ${line}`);
    else {
      const sample = sampleOf(line);
      if (sample === undefined) flaws.push(`no sample: ${line}`);
      else if (current === undefined || !belongsTo(sample.name, current)) flaws.push(`outside of its block: ${line}`);
      else current.samples.push(sample);
    }
  }
  return [...flaws, ...[...families.values()].flatMap(flawsOfFamily)];
}

function sampleOf(line: string): Sample | undefined {
  const [, name, labels = ''] = sampleLine.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = [...labels.matchAll(new RegExp(label, 'g'))].map(([, key = '', value = '']) => [key, value] as const);
  const written = line.slice(line.lastIndexOf(' ') + 1).replace('Inf', 'Infinity');
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) return undefined;
  return { name, labels: new Map(pairs), value: Number(written) };
}

const belongsTo = (sample: string, { name, type }: Family): boolean =>
  sample === name || (type === 'histogram' && [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample));

function flawsOfFamily({ name, type, help, samples }: Family): readonly string[] {
  const seriesOf = (sample: Sample, without = ''): string =>
    [...sample.labels]
      .flatMap(([key, value]) => (key === without ? [] : [`${key}=${value}`]))
      .toSorted()
      .join('\n');
  const all = samples.map((sample) => sample.name + seriesOf(sample));
  const buckets = groupBy(
    samples.filter((sample) => sample.name === `${name}_bucket`),
    (sample) => seriesOf(sample, 'le'),
  );
  const valueOf = (suffix: string, series: string): number | undefined =>
    samples.find((sample) => sample.name === `${name}_${suffix}` && seriesOf(sample) === series)?.value;
  const broken = [...buckets].filter(([series, row]) => {
    const counts = row.toSorted((a, b) => boundOf(a) - boundOf(b)).map(({ value }) => value);
    const isRising = counts.every((count, i) => i === 0 || count >= (counts[i - 1] ?? 0));
    const hasAll = row.some((one) => one.labels.get('le') === '+Inf');
    return !isRising || !hasAll || counts.at(-1) !== valueOf('count', series) || valueOf('sum', series) === undefined;
  });
  const rules: ReadonlyArray<readonly [isBroken: boolean, why: string]> = [
    [type === '', 'has no type'],
    [help === '', 'has no help'],
    [new Set(all).size < all.length, 'has a series twice'],
    [type === 'counter' && !name.endsWith('_total'), 'is a counter without _total'],
    [type !== 'counter' && name.endsWith('_total'), 'ends with _total, and is no counter'],
    [/_(?:bucket|sum|count)$/.test(name), 'has a name that is kept for histograms'],
    [/[A-Z]|__/.test(name), 'has a name that is no snake_case'],
    [/_(?:ms|milliseconds|minutes|hours)(?:_|$)/.test(name), 'is not in a base unit'],
    [type === 'counter' && samples.some(({ value }) => value < 0), 'counts below zero'],
    [samples.some((sample) => sample.labels.has('le') && sample.name !== `${name}_bucket`), 'uses le for itself'],
    [broken.length > 0, 'has buckets that do not add up'],
  ];
  return rules.flatMap(([isBroken, why]) => (isBroken ? [`${name} ${why}`] : []));
}

const boundOf = ({ labels }: Sample): number => Number((labels.get('le') ?? '').replace('Inf', 'Infinity'));
