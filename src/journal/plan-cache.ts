/**
 * A plan that found nothing to do, with all that it hangs on, as one signed file: whole or not there, and for its owner alone.
 * It is believed where its signature fits and nowhere else; a run can do without it.
 *
 * Lines: the digest of the files that it was made from, which tells whether it is worth a look; what it belongs to, and the plan; the ids of
 * the accounts; and the signature of all that.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '../disk/durable-files.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { Answer, KeptPlan } from '../model/kept-plan.ts';
import { keepSigned, recallSigned } from './signed-cache.ts';

const fileName = 'plan.cache';
const version = 1;
/** More than the ids of the largest server take, with what is listed of it. */
const maxSize = 128 * 1024 * 1024;

/** What it is of, as far as the answers that it holds do not tell. */
export interface PlanOrigin {
  readonly url: string;
  readonly serverKey: string;
  readonly toolVersion: string;
}

/** @throws what the system says where it cannot be written */
export async function keepPlan(dir: string, kept: KeptPlan, origin: PlanOrigin, key: JournalKey): Promise<void> {
  const { sources, untilMs, reads, ...rest } = kept;
  const { ids, changed, ...other } = reads;
  const head = canonicalJson({
    format: 'muster-plan-cache',
    version,
    origin,
    ...rest,
    until: orNever(untilMs),
    reads: other,
  });
  const text = `${sources}\n${head}\n${JSON.stringify({ ids, changed: [...changed] })}\n`;
  await keepSigned(dir, fileName, text, key);
}

/** What is kept; `undefined`: nothing, or nothing that can be believed here. Never fails. */
export async function recallPlan(dir: string, origin: PlanOrigin, key: JournalKey): Promise<KeptPlan | undefined> {
  const kept = await recallSigned(dir, fileName, maxSize, key);
  if (typeof kept === 'string') return undefined;
  try {
    return decode(kept.text, origin);
  } catch {
    return undefined;
  }
}

function decode(text: string, origin: PlanOrigin): KeptPlan | undefined {
  const [sources = '', head = '', body = ''] = text.split('\n');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by a version of muster, and which one is looked at first
  const first = JSON.parse(head) as Head;
  const { version: written, origin: of, plan, caller, people, inputs, previous, until, reads } = first;
  if (written !== version || canonicalJson(of) !== canonicalJson(origin)) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- signed by this version of muster, which wrote just this
  const { ids, changed } = JSON.parse(body) as Body;
  const untilMs = until ?? Number.POSITIVE_INFINITY;
  return {
    plan,
    caller,
    people,
    inputs,
    previous,
    untilMs,
    sources,
    reads: { ...reads, ids, changed: new Map(changed) },
  };
}

/** JSON has no infinity. */
const orNever = (ms: number): number | undefined => (ms === Number.POSITIVE_INFINITY ? undefined : ms);

interface Head extends Omit<KeptPlan, 'sources' | 'reads' | 'untilMs'> {
  readonly version: unknown;
  readonly origin: unknown;
  readonly until?: number;
  readonly reads: Omit<KeptPlan['reads'], 'ids' | 'changed'>;
}

interface Body {
  readonly ids: readonly string[];
  readonly changed: ReadonlyArray<readonly [string, Answer]>;
}

/**
 * Whether a plan may be kept that was made from these files, of any server. It is not yet known who wrote it: what it
 * says decides no more than whether it is looked at.
 *
 * @param home - where the folders of all servers lie
 */
export async function isPlanKeptOf(sources: string, home: string): Promise<boolean> {
  const names = await readdir(home).catch(() => []);
  for (const name of names) {
    const read = await readRegularFile(join(home, name, fileName), maxSize, sources.length).catch(() => '');
    if (typeof read !== 'string' && new TextDecoder().decode(read) === sources) return true;
  }
  return false;
}
