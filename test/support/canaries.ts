/** Secrets planted in tests, and a search that finds them, or any part of them, in every form in which they could leak. */
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** So much of a secret in a row, in any form, is a leak; more of it where a form says each letter in several. */
const shortest = 10;
const shortestSpelt = 40;
const spelt = /every letter|every byte|with spaces/;

/** A secret like no other text, always the same for a name, with characters that every encoding changes. */
export function canary(name: string): string {
  const random = createHash('sha512').update(`canary ${name}`).digest('base64').replace(/[+/=]/g, '');
  const part = (i: number): string => random.slice(12 * i, 12 * (i + 1));
  return `${part(0)}/+${part(1)}"\\${part(2)}é${part(3)}`;
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');

/** Base64 wherever in a longer text the secret stands: the characters that only it decides. */
function base64At(secret: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
  const whole = Math.floor(bytes.length / 3) * 3;
  return bytes
    .subarray(0, whole)
    .toString('base64')
    .slice(shift === 0 ? 0 : 4);
}

const isPlain = (char: string): boolean => /[\w.-]/.test(char);
const escapedBy = (text: string, escape: (char: string) => string): string =>
  Array.from(text, (char) => (isPlain(char) ? char : escape(char))).join('');
const unitAt = (text: string, at: number): string => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  é: '&eacute;',
};

/** Each form that is looked for, by its name. Case never counts. */
export function formsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const forms: Record<string, string> = {
    plain: secret,
    hex: bytes.toString('hex'),
    'hex with spaces': bytes.toString('hex').replace(/..(?=.)/g, '$& '),
    'URL-encoded': encodeURIComponent(secret),
    'URL-encoded, every sign': escapedBy(secret, encodeByte),
    'JSON-escaped': json,
    'JSON-escaped, ASCII': json.replace(/[^ -~]/g, (unit) => unitAt(unit, 0)),
    'JSON-escaped, slashes': json.replaceAll('/', '\\/'),
    'JSON-escaped, every sign': escapedBy(secret, (char) =>
      Array.from({ length: char.length }, (_, i) => unitAt(char, i)).join(''),
    ),
    'JSON-escaped twice': JSON.stringify(json).slice(1, -1),
    'HTML-escaped': escapedBy(secret, (char) => named[char] ?? char),
    'HTML-escaped, decimal': escapedBy(secret, (char) => `&#${char.codePointAt(0) ?? 0};`),
    'HTML-escaped, hex': escapedBy(secret, (char) => `&#x${(char.codePointAt(0) ?? 0).toString(16)};`),
    'as printed bytes': escapedBy(secret, (char) =>
      Array.from(Buffer.from(char), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
    'as Latin-1': bytes.toString('latin1'),
    'URL-encoded, every byte': bytes.toString('hex').replace(/../g, '%$&'),
    'JSON-escaped, every letter': Array.from({ length: secret.length }, (_, i) => unitAt(secret, i)).join(''),
    'HTML-escaped, every letter': Array.from(secret, (char) => `&#${char.codePointAt(0) ?? 0};`).join(''),
  };
  for (const shift of [0, 1, 2]) {
    forms[`base64, place ${shift}`] = base64At(secret, shift);
    forms[`base64url, place ${shift}`] = base64At(secret, shift).replaceAll('+', '-').replaceAll('/', '_');
  }
  const backwards = Object.entries(forms).map(([form, text]) => [`${form}, reversed`, reversed(text)]);
  return { ...forms, ...Object.fromEntries(backwards), 'reversed, base64': base64At(reversed(secret), 0) };
}

const encodeByte = (char: string): string =>
  Array.from(Buffer.from(char), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

const partsOf = ([form, text]: readonly [string, string]): readonly string[] => {
  const length = spelt.test(form) ? shortestSpelt : shortest;
  const lower = text.toLowerCase();
  return Array.from({ length: Math.max(0, lower.length - length + 1) }, (_, at) => lower.slice(at, at + length));
};

/** Such as `&#47;&#43;`, which every secret with the same signs has. */
const nobodys = new Set(Object.entries(formsOf(canary('never planted'))).flatMap(partsOf));

/** A part of a form: what follows its first characters, and what it tells. */
interface Part {
  readonly rest: string;
  readonly tells: string;
}

/** Knows secrets and finds them. */
export class CanaryWatch {
  /** By the first characters. */
  readonly #parts = new Map<string, Part[]>();
  readonly #values = new Set<string>();
  /** Its own parts and those of the other. */
  readonly #all: readonly ReadonlyMap<string, readonly Part[]>[];

  /** @param further - what it knows is looked for, too */
  constructor(further?: CanaryWatch) {
    this.#all = further === undefined ? [this.#parts] : [this.#parts, ...further.#all];
  }

  /** @returns the secret */
  plant(name: string, secret: string = canary(name)): string {
    if (this.#values.has(secret)) return secret;
    this.#values.add(secret);
    for (const form of Object.entries(formsOf(secret))) {
      for (const part of partsOf(form)) {
        if (!nobodys.has(part)) this.#add(part, `${name} (${form[0]})`);
      }
    }
    return secret;
  }

  #add(part: string, tells: string): void {
    const head = part.slice(0, shortest);
    const rest = part.slice(shortest);
    const known = this.#parts.get(head);
    if (known === undefined) this.#parts.set(head, [{ rest, tells }]);
    else if (known.every((other) => other.rest !== rest)) known.push({ rest, tells });
  }

  /** What is told in a text, in which form. */
  find(text: string): readonly string[] {
    const lower = text.toLowerCase();
    const found = new Set<string>();
    for (let at = 0; at + shortest <= lower.length; at++) {
      const head = lower.slice(at, at + shortest);
      for (const parts of this.#all)
        for (const { rest, tells } of parts.get(head) ?? [])
          if (lower.startsWith(rest, at + shortest)) found.add(tells);
    }
    return [...found];
  }

  /**
   * What is told in the files of a folder, in their names and contents, as `file: secret (form)`.
   *
   * @param isMeantFor - whether a file, by its path in the folder, is where secrets belong
   */
  findInFolder(folder: string, isMeantFor: (path: string) => boolean = () => false): readonly string[] {
    return filesIn(folder).flatMap((path) => {
      const name = relative(folder, path);
      const content = isMeantFor(name) ? '' : readFileSync(path);
      const texts = new Set([name, content.toString('utf8'), content.toString('latin1')]);
      return [...texts].flatMap((text) => this.find(text).map((found) => `${name}: ${found}`));
    });
  }
}

function filesIn(folder: string): readonly string[] {
  const entries: readonly Dirent[] = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}
