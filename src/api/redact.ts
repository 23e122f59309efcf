import { Buffer } from 'node:buffer';

/**
 * What a request carried that nobody may see again: used to keep a server (or a proxy) that repeats it from
 * putting it into our errors.
 */
export class Redactor {
  readonly #forms = new Set<string>();

  /** @param secret - clear text; short ones are kept too, since a short password is a password */
  add(secret: string): void {
    if (secret === '') return;
    const bytes = Buffer.from(secret);
    const json = JSON.stringify(secret).slice(1, -1);
    const reversed = Array.from(secret).toReversed().join('');
    const base64 = bytes.toString('base64').replace(/=+$/, '');
    for (const form of [secret, json, reversed, base64, bytes.toString('base64url'), bytes.toString('hex')]) {
      this.#forms.add(form.toLowerCase());
    }
    this.#forms.add(encodeURIComponent(bytes.toString()).toLowerCase());
  }

  /** Whether the text repeats a secret, in clear or in a usual encoding. */
  isTold(text: string): boolean {
    const lower = text.toLowerCase();
    for (const form of this.#forms) if (lower.includes(form)) return true;
    return false;
  }

  /** The text, or a remark instead of it when it repeats a secret. */
  withhold(text: string): string {
    return this.isTold(text) ? '(text withheld: it repeats a secret)' : text;
  }
}
