/** Observations in the state directory: a compressed file each, signed as everything there is, and never written again. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { writeWholeFile } from '../disk/durable-files.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import { isRecord } from '../model/is-record.ts';
import type { JournalKey } from '../model/journal-key.ts';
import type { Observation, ObservedAccount, ObservedGrant, ObservedKind } from '../model/observation.ts';
import type { Owners } from '../model/pipeline.ts';
import { systemCodeOf } from '../model/system-error.ts';
import { StateNotSignedError } from './errors.ts';
import { ensureStateDir, StateDirError } from './state-dir.ts';
import { refuseUnlessBelieved, type TrustedStore, unlessNotBelieved } from './trust.ts';

/** Sorts by the time at which the reading began. */
const pattern = /^seen-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\.json\.gz$/;

/** Unpacked; more than the largest server takes. */
const maxContent = 512 * 1024 * 1024;

/**
 * Keeps an observation, whole or not at all.
 *
 * @returns the name of its file
 * @throws {StateDirError} when the folder is not safe, or cannot be written
 */
export async function keepObservation(
  dir: string,
  observation: Observation,
  key: JournalKey,
  owners?: Owners,
): Promise<string> {
  await ensureStateDir(dir, owners);
  const stamp = new Date(observation.beganMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const name = `seen-${stamp}-${randomBytes(4).toString('hex')}.json.gz`;
  const content = { format: 'muster-observation', version: 1, ...observation };
  const mac = key.signerOf(name).sign(canonicalJson(content));
  const bytes = await promisify(gzip)(canonicalJson({ ...content, mac }));
  try {
    await writeWholeFile(dir, name, bytes);
  } catch (error) {
    throw new StateDirError(
      { is: 'memory-not-written', path: join(dir, name), why: systemCodeOf(error) },
      { cause: error },
    );
  }
  return name;
}

/** Those that are believed, by the time at which their readings ended; a person is told of each other one. */
export async function readObservations(store: TrustedStore): Promise<readonly Observation[]> {
  const found: Observation[] = [];
  for (const name of (await store.list()).filter((file) => pattern.test(file))) {
    const one = await unlessNotBelieved(store.trust, 'not-counted', () => readOne(store, name));
    if (one !== undefined) found.push(one);
  }
  return found.toSorted((one, other) => one.endedMs - other.endedMs);
}

async function readOne(store: TrustedStore, name: string): Promise<Observation> {
  const bytes = (await store.read(name)) ?? new Uint8Array();
  const content = await unpacked(bytes, name);
  const { mac, ...signed }: { mac?: unknown } = content;
  refuseUnlessBelieved(store.trust, name, store.trust.key.signerOf(name).check(canonicalJson(signed), mac));
  const observation = decode(signed);
  if (observation === undefined) throw broken(name);
  return observation;
}

async function unpacked(bytes: Uint8Array, name: string): Promise<object> {
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: maxContent });
    const content: unknown = JSON.parse(text.toString('utf8'));
    if (typeof content === 'object' && content !== null) return content;
  } catch (error) {
    throw broken(name, error);
  }
  throw broken(name);
}

const broken = (name: string, cause?: unknown): StateNotSignedError =>
  new StateNotSignedError(
    { is: 'unreadable', why: `${name} is no observation that this version of muster wrote` },
    cause === undefined ? {} : { cause },
  );

function decode(content: object): Observation | undefined {
  const { format, version, beganMs, endedMs, by, isOfEverybody, accounts }: Record<string, unknown> = { ...content };
  const isOurs = format === 'muster-observation' && version === 1;
  if (!isOurs || !isMoment(beganMs) || !isMoment(endedMs) || typeof by !== 'string') return undefined;
  if (typeof isOfEverybody !== 'boolean' || !isListOf(accounts, isAccount)) return undefined;
  return { beganMs, endedMs, by, isOfEverybody, accounts };
}

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf = <Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] =>
  Array.isArray(value) && value.every(isItem);

const isGrant = (value: unknown): value is ObservedGrant =>
  isRecord(value) && isText(value['key']) && isText(value['text']) && typeof value['isHeld'] === 'boolean';

const isKind = (value: unknown): value is ObservedKind =>
  isRecord(value) &&
  (value['sinceMs'] === undefined || isMoment(value['sinceMs'])) &&
  typeof value['isWhole'] === 'boolean' &&
  isListOf(value['grants'], isGrant);

const isAccount = (value: unknown): value is ObservedAccount =>
  isRecord(value) &&
  isText(value['id']) &&
  isText(value['username']) &&
  (value['createdMs'] === undefined || isMoment(value['createdMs'])) &&
  isRecord(value['kinds']) &&
  Object.values(value['kinds']).every(isKind);
