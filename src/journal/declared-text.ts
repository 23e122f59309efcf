/**
 * The text of what is remembered about who was declared: canonical JSON, with its signature. It may hold everybody of a
 * large server and is read and written by each run, so that both are done here without making a value of the whole.
 */
import { compareText } from '../model/compare.ts';
import type { DeclaredMemory, LastDeclaration } from '../model/declared-memory.ts';
import type { Signer } from '../model/journal-key.ts';
import type { AccountId } from '../model/user-values.ts';

const head = '{"accounts":{';
const beforeDay = ':{"last_declared":';
const beforeName = ',"username":';
const tail = '},"format":"muster-declared"';
/** The signature stands before it, and is not signed itself. */
const beforeMac = ',"mac":"';
const end = ',"version":1}';

/** The text in pieces that a processor holds close by: one text that grows takes three times as long. */
const pieceLength = 16 * 1024;

/** Canonical JSON with its signature, and a line end. */
export function declaredText(memory: DeclaredMemory, signer: Signer): string {
  const body = bodyOf(memory);
  return `${body}${beforeMac}${signer.sign(`${body}${end}`)}"${end}\n`;
}

function bodyOf(memory: DeclaredMemory): string {
  const pieces: string[] = [];
  let piece = head;
  let sign = '';
  let day: string | undefined;
  let dayText = '';
  for (const id of idsInOrder(memory)) {
    const declaration = memory.get(id);
    if (declaration === undefined) continue;
    const { username, lastDeclared } = declaration;
    // Nearly everybody has the same.
    if (lastDeclared !== day) dayText = JSON.stringify((day = lastDeclared));
    piece += `${sign}${JSON.stringify(id)}${beforeDay}${dayText}${beforeName}${JSON.stringify(username)}}`;
    sign = ',';
    if (piece.length < pieceLength) continue;
    pieces.push(piece);
    piece = '';
  }
  return `${pieces.join('')}${piece}${tail}`;
}

/** As they are where the memory was read, and nobody is new. */
function idsInOrder(memory: DeclaredMemory): readonly AccountId[] {
  const ids = [...memory.keys()];
  let before = '';
  for (const id of ids) {
    if (before > id) return ids.toSorted(compareText);
    before = id;
  }
  return ids;
}

const idLength = 26;
const dayLength = 24;
const macLength = 41;

/**
 * What a text remembers that is just as {@link declaredText} writes it, and whose signature fits. Of any other text, it may be as
 * good, it says nothing.
 */
export function readDeclaredText(text: string, signer: Signer): DeclaredMemory | undefined {
  const macAt = text.length - `"${end}\n`.length - macLength;
  const bodyEnd = macAt - beforeMac.length;
  const to = bodyEnd - tail.length;
  const isWhole = text.startsWith(head) && text.startsWith(`${tail}${beforeMac}`, to) && text.endsWith(`"${end}\n`);
  // No name has a sign that JSON writes in another way.
  if (!isWhole || text.includes('\\')) return undefined;
  const signature = text.slice(macAt, macAt + macLength);
  if (signer.check(`${text.slice(0, bodyEnd)}${end}`, signature) !== 'fits') return undefined;
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

export const isId = (text: string): boolean => /^[a-z0-9]{26}$/.test(text);

/** Whether a text is a moment as muster writes it. */
export function isMoment(text: string): boolean {
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text;
}
