/**
 * The text of what is remembered about who was declared: canonical JSON, with its signature. It may hold everybody of a
 * large server and is read and written by each run, so that both are done here without making a value of the whole.
 */
import { byText } from '../model/compare.ts';
import type { DeclaredMemory, LastDeclaration } from '../model/declared-memory.ts';
import type { Signer } from '../model/journal-key.ts';
import { isId } from '../model/server-id.ts';
import type { AccountId } from '../model/user-values.ts';

const head = '{"accounts":{';
const beforeDay = ':{"last_declared":';
const beforeName = ',"username":';
const tail = '},"format":"muster-declared"';
/** The signature stands before it, and is not signed itself. */
const beforeMac = ',"mac":"';
const end = ',"version":1}';

/** So much of a text is made at once, and then kept as bytes: a text that grows is copied by each collection of garbage. */
const pieceLength = 16 * 1024;

/** Canonical JSON with its signature, and a line end. */
export function declaredText(memory: DeclaredMemory, signer: Signer): Uint8Array {
  const signed = Buffer.concat([...piecesOf(memory), Buffer.from(end)]);
  const body = signed.subarray(0, signed.length - end.length);
  return Buffer.concat([body, Buffer.from(`${beforeMac}${signer.sign(signed)}"${end}\n`)]);
}

/** Everything before the signature. */
function* piecesOf(memory: DeclaredMemory): Generator<Uint8Array> {
  let piece = head;
  let sign = '';
  let day: string | undefined;
  let dayText = '';
  for (const [id, { username, lastDeclared }] of inOrder(memory)) {
    // Nearly everybody has the same.
    if (lastDeclared !== day) dayText = JSON.stringify((day = lastDeclared));
    piece += `${sign}${JSON.stringify(id)}${beforeDay}${dayText}${beforeName}${JSON.stringify(username)}}`;
    sign = ',';
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(`${piece}${tail}`);
}

/** As it is, where it was read and no one is new. */
function inOrder(memory: DeclaredMemory): Iterable<readonly [AccountId, LastDeclaration]> {
  let before = '';
  for (const id of memory.keys()) {
    if (before > id) return [...memory].toSorted(byText(([one]) => one));
    before = id;
  }
  return memory;
}

const idLength = 26;
const dayLength = 24;
const macLength = 41;

/**
 * What a file remembers that is just as {@link declaredText} writes it, and whose signature fits. Of any other, it may be as good,
 * it says nothing.
 *
 * @param text - what the bytes say
 */
export function readDeclaredText(bytes: Uint8Array, text: string, signer: Signer): DeclaredMemory | undefined {
  const macAt = text.length - `"${end}\n`.length - macLength;
  const bodyEnd = macAt - beforeMac.length;
  const to = bodyEnd - tail.length;
  const isWhole =
    text.length === bytes.length &&
    text.startsWith(head) &&
    text.startsWith(`${tail}${beforeMac}`, to) &&
    text.endsWith(`"${end}\n`);
  // No name has a sign that JSON writes in another way.
  if (!isWhole || text.includes('\\')) return undefined;
  const signed = Buffer.concat([bytes.subarray(0, bodyEnd), Buffer.from(end)]);
  if (signer.check(signed, text.slice(macAt, macAt + macLength)) !== 'fits') return undefined;
  return accountsIn(text, head.length, to);
}

function accountsIn(text: string, from: number, to: number): DeclaredMemory | undefined {
  const memory = new Map<AccountId, LastDeclaration>();
  const [afterId, afterDay] = [`"${beforeDay}"`, `"${beforeName}"`];
  let lastDeclared = '';
  let at = from;
  while (at < to) {
    const idAt = at + (at === from ? 1 : 2);
    const idEnd = idAt + idLength;
    const dayAt = idEnd + afterId.length;
    const dayEnd = dayAt + dayLength;
    const nameAt = dayEnd + afterDay.length;
    const nameEnd = text.indexOf('"', nameAt);
    const id = text.slice(idAt, idEnd);
    const isAccount =
      text.startsWith(at === from ? '"' : ',"', at) &&
      text.startsWith(afterId, idEnd) &&
      text.startsWith(afterDay, dayEnd) &&
      text.startsWith('"}', nameEnd);
    if (!isAccount || !isId(id)) return undefined;
    if (lastDeclared === '' || !text.startsWith(lastDeclared, dayAt)) {
      lastDeclared = text.slice(dayAt, dayEnd);
      if (!isMoment(lastDeclared)) return undefined;
    }
    memory.set(id, { username: text.slice(nameAt, nameEnd), lastDeclared });
    at = nameEnd + 2;
  }
  return at === to ? memory : undefined;
}

/** Whether a text is a moment as muster writes it. */
export function isMoment(text: string): boolean {
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text;
}
