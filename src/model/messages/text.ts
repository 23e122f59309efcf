import { withMeaning } from '../system-error.ts';

/** A text with what it is filled with in braces, such as `{path}`, and what to do about it. */
export interface Text {
  readonly text: string;
  /** One sentence in lower case without a full stop. */
  readonly todo?: string;
}

/** What texts are filled with: names, numbers and details from outside, never a sentence that muster itself writes. */
export type Values = Readonly<Record<string, string | number>>;

// Braces around anything else than a name, as in `f({ a })` or `{a,b}`, are a part of the text.
type NamesIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string}${' ' | ','}${string}` ? never : Name) | NamesIn<Rest>
  : never;

/** What a text, with what to do, has to be filled with. */
export type ValuesOf<T> = T extends { readonly text: infer A extends string }
  ? {
      readonly [Name in NamesIn<A> | (T extends { readonly todo: infer B extends string } ? NamesIn<B> : never)]:
        | string
        | number;
    }
  : never;

/** What has to be said to make a message of a row: which of its texts, where it has several, and what fills it. */
export type WhatOf<Row> = Row extends { readonly texts: infer Texts }
  ? { readonly [Is in keyof Texts]: { readonly is: Is } & ValuesOf<Texts[Is]> }[keyof Texts]
  : ValuesOf<Row>;

/** Puts the values into a text. What a value holds is never read as a text again; a code of the system comes with its meaning. */
export const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => withMeaning(String(values[name] ?? whole)));
