import { Buffer } from 'node:buffer';

/** So much of a secret in a row tells it, too: a message may be cut short, or written in a way that is not known here. */
const tellingLength = 10;

/** A word that could be a secret of the server's own making: it makes them of 26 letters and digits. */
const secretLike = /[a-z0-9]{20}/i;

/** What tells a secret, in lower case: any of these parts, or one of these forms as a whole. */
interface Telling {
  readonly parts: ReadonlySet<string>;
  readonly wholes: readonly string[];
}

/** By what holds the secret, for a token is the same in every call; gone with it. */
const known = new WeakMap<object, Telling>();

/**
 * Secrets that a request carried: used to keep a server (or a proxy) that repeats it from
 * putting it into our errors.
 */
export class Redactor {
  readonly #secrets: { readonly clear: string; readonly holder: object }[] = [];
  readonly #isAnswerSecret: boolean;

  /** @param isAnswerSecret - the answer tells a new secret: what could be it is withheld */
  constructor(isAnswerSecret = false) {
    this.#isAnswerSecret = isAnswerSecret;
  }

  /**
   * @param clear - clear text; short ones are kept too, since a short password is a password
   * @param holder - whatever holds this secret and no other
   */
  add(clear: string, holder: object = {}): void {
    if (clear !== '') this.#secrets.push({ clear, holder });
  }

  /** Whether the text repeats a secret or a part of it, in clear or in a usual encoding, in any case, or backwards. */
  isTold(text: string): boolean {
    const lower = text.toLowerCase();
    return this.#secrets.some(({ clear, holder }) => {
      const telling = known.get(holder) ?? tellingOf(clear);
      known.set(holder, telling);
      return telling.wholes.some((form) => lower.includes(form)) || hasPart(lower, telling.parts);
    });
  }

  /** Whether the text could tell a secret of the answer, which is not known here, or repeats one that is. */
  mayBeTold(text: string): boolean {
    return (this.#isAnswerSecret && secretLike.test(text)) || this.isTold(text);
  }

  /** The text, or a remark instead of it when it may tell a secret. */
  withhold(text: string): string {
    return this.mayBeTold(text) ? '(text withheld: it repeats a secret)' : text;
  }
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');

/** Worked out only when something went wrong: most calls never need it. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const signs = (escape: (sign: string) => string): string => secret.replace(/[^\w.-]/gu, escape);
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', String.raw`\/`),
    json.replace(/[^ -~]/g, escapeUnit),
    encodeURIComponent(bytes.toString()),
    signs((sign) => `&#${sign.codePointAt(0) ?? 0};`),
    signs((sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`),
    signs((sign) => htmlNames[sign] ?? sign),
    bytes.toString('latin1'),
    bytes.toString('hex'),
    ...base64Of(bytes),
    ...base64Of(Buffer.from(reversed(secret))),
  ];
}

const htmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** In a longer text a secret begins at any of three places of a group: what it alone decides, in both alphabets. */
function base64Of(bytes: Buffer): readonly string[] {
  const alone = bytes.toString('base64').replace(/=+$/, '');
  const within = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]);
    return all.subarray(before === 0 ? 0 : 3, all.length - (all.length % 3)).toString('base64');
  });
  return [alone, ...within.filter((form) => form !== '')].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}

/** Forms that say each letter in several: a part of them says next to nothing. */
function speltFormsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    Array.from({ length: secret.length }, (_, at) => escapeUnit(secret.charAt(at))).join(''),
    bytes.toString('hex').replace(/../g, '%$&'),
    bytes.toString('hex').replace(/..(?=.)/g, '$& '),
  ];
}

const bothWays = (form: string): readonly string[] => [form.toLowerCase(), reversed(form).toLowerCase()];

function tellingOf(secret: string): Telling {
  const forms = formsOf(secret).flatMap(bothWays);
  return {
    parts: new Set(forms.flatMap(partsOf)),
    wholes: [...forms.filter((form) => form.length < tellingLength), ...speltFormsOf(secret).flatMap(bothWays)],
  };
}

function hasPart(text: string, parts: ReadonlySet<string>): boolean {
  for (let at = 0; at + tellingLength <= text.length; at++)
    if (parts.has(text.slice(at, at + tellingLength))) return true;
  return false;
}

function partsOf(form: string): readonly string[] {
  const count = Math.max(0, form.length - tellingLength + 1);
  return Array.from({ length: count }, (_, at) => form.slice(at, at + tellingLength));
}
