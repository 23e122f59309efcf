import type { Blame } from './error-row.ts';
import { type ErrorCode, errorRows, type WhatOfError } from './errors.ts';
import { fill, type Values } from './text.ts';

/**
 * A text of the register, filled in. Only {@link say} makes one, so whatever takes a `Message` says nothing that is not
 * in the register.
 */
class Message<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  readonly blame: Blame;
  readonly text: string;
  readonly todo: string | undefined;

  constructor(code: Code, blame: Blame, text: string, todo: string | undefined) {
    this.code = code;
    this.blame = blame;
    this.text = text;
    this.todo = todo;
  }

  /** The same, said about something: `users.patch of user_id 9xz…: ` */
  about(subject: string): Message<Code> {
    return this.#saying(`${subject}${this.text}`);
  }

  /** The same, with what an outsider put into it taken out. */
  redacted(redact: (text: string) => string): Message<Code> {
    return this.#saying(redact(this.text));
  }

  #saying(text: string): Message<Code> {
    return new Message(this.code, this.blame, text, this.todo);
  }
}

export type { WhatOfError } from './errors.ts';
export type { Message };

/** Fills the row of a code, or the one of its texts that `what.is` names. */
export function say<Code extends ErrorCode>(code: Code, what: WhatOfError<Code>): Message<Code>;
export function say(code: ErrorCode, what: Values): Message {
  const row = errorRows[code];
  const found = 'texts' in row ? row.texts[what['is'] ?? ''] : row;
  const { text, todo } = found ?? { text: code };
  return new Message(code, row.blame, fill(text, what), todo === undefined ? undefined : fill(todo, what));
}
