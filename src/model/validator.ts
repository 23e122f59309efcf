/** What a schema is compiled to: tells whether a value is as the schema wants it, and after that what is wrong with it. */
export interface Validator<Content> {
  (value: unknown): value is Content;
  /** Of the last value; of files that people write all that is wrong, else the first. */
  readonly errors?: SchemaFlaws | null;
}

/** The first flaws of a value, and how many more there are. */
export type SchemaFlaws = readonly SchemaFlaw[] & { readonly unkept?: number };

/** One rule of a schema that a value breaks, in the terms of JSON Schema. */
export interface SchemaFlaw {
  readonly keyword: string;
  /** JSON pointer. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** Present when it is the name of a property that is wrong. */
  readonly propertyName?: string;
  readonly data?: unknown;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
}
