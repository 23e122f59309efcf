import { Buffer } from 'node:buffer';

/**
 * What a request carried that nobody may see again: used to keep a server (or a proxy) that repeats it from
 * putting it into our errors.
 */
export class Redactor {
  readonly #secrets: string[] = [];

  /** @param secret - clear text; short ones are kept too, since a short password is a password */
  add(secret: string): void {
    if (secret !== '') this.#secrets.push(secret);
  }

  /** Whether the text repeats a secret, in clear or in a usual encoding. */
  isTold(text: string): boolean {
    const lower = text.toLowerCase();
    return this.#secrets.some((secret) => formsOf(secret).some((form) => lower.includes(form.toLowerCase())));
  }

  /** The text, or a remark instead of it when it repeats a secret. */
  withhold(text: string): string {
    return this.isTold(text) ? '(text withheld: it repeats a secret)' : text;
  }
}

/** Worked out only when something went wrong: most calls never need it. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(bytes.toString()),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    Array.from(secret).toReversed().join(''),
  ];
}
