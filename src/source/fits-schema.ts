/**
 * Whether a value is as a JSON Schema wants it: yes or no, and no word of what is wrong. Made from the schema when it is first asked, and
 * only for the parts that are there: a schema is read in a fraction of the time that its compiled validator takes to load.
 */
import { isRecord } from './bare-map.ts';

/** Of draft 2020-12; of its words those that `keywords` has. */
export type Schema = Readonly<Record<string, unknown>>;

type Test = (value: unknown) => boolean;

/** A word that is not known, or is used in a way that is not: the schema is not one to ask here. */
class UnknownToTest extends Error {}

/**
 * @param read - gives the schema, when it is first needed
 * @returns what says yes only where the compiled validator of the same schema does; no also where only that one knows
 */
export function fitsSchema(read: () => Schema): (value: unknown) => boolean {
  let test: Test | undefined;
  return (value) => {
    try {
      test ??= new Tests(read()).root();
      return test(value);
    } catch (error) {
      if (error instanceof UnknownToTest) return false;
      throw error;
    }
  };
}

/** The tests of one schema, each made once. */
class Tests {
  readonly #schema: Schema;
  readonly #named = new Map<string, Test>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  root(): Test {
    return this.of(this.#schema);
  }

  of(schema: unknown): Test {
    if (schema === false) return () => false;
    const words = known(schema, isRecord);
    const tests = Object.entries(words).flatMap(([word, wanted]) => {
      if (withoutTest.has(word)) return [];
      const make = keywords[word];
      if (make === undefined) throw new UnknownToTest(word);
      return make(wanted, this, words) ?? [];
    });
    const [only] = tests;
    return tests.length === 1 && only !== undefined ? only : (value) => tests.every((test) => test(value));
  }

  /** Made when there is a value to test. */
  later(schema: unknown): Test {
    let test: Test | undefined;
    return (value) => {
      test ??= this.of(schema);
      return test(value);
    };
  }

  /** A part that is referred to. */
  named(reference: string): Test {
    const test = this.#named.get(reference) ?? this.later(this.#find(reference));
    this.#named.set(reference, test);
    return test;
  }

  #find(reference: string): unknown {
    if (!reference.startsWith('#/')) throw new UnknownToTest(reference);
    let part: unknown = this.#schema;
    for (const step of reference.slice(2).split('/')) part = known(part, isRecord)[step];
    return part;
  }
}

/** @returns the tests that a word makes of what stands under it; nothing where it tests nothing by itself */
type Keyword = (wanted: unknown, tests: Tests, words: Schema) => Test | undefined;

/** Read where another word needs them. */
const withoutTest: ReadonlySet<string> = new Set(['$defs', 'then']);

const keywords: Readonly<Record<string, Keyword>> = {
  additionalProperties: (wanted, tests, { properties }) =>
    properties === undefined ? testProperties({}, wanted, tests) : undefined,

  $ref: (wanted, tests) => tests.named(known(wanted, isText)),
  type: (wanted) => {
    const list = Array.isArray(wanted) ? wanted : [wanted];
    const isOfType = list.map((name) => {
      const test = types[known(name, isText)];
      if (test === undefined) throw new UnknownToTest('type');
      return test;
    });
    return (value) => isOfType.some((test) => test(value));
  },
  const: (wanted) => {
    const only = known(wanted, isScalar);
    return (value) => value === only;
  },
  enum: (wanted) => {
    const among = new Set<unknown>(known(wanted, isList).map((one) => known(one, isScalar)));
    return (value) => among.has(value);
  },
  not: (wanted, tests) => {
    const test = tests.later(wanted);
    return (value) => !test(value);
  },
  anyOf: (wanted, tests) => {
    const any = known(wanted, isList).map((one) => tests.later(one));
    return (value) => any.some((test) => test(value));
  },
  if: (wanted, tests, words) => {
    if (words['else'] !== undefined) throw new UnknownToTest('else');
    const [condition, then] = [tests.later(wanted), tests.later(words['then'])];
    return (value) => !condition(value) || then(value);
  },

  minimum: (wanted) => {
    const least = known(wanted, isNumber);
    return (value) => typeof value !== 'number' || value >= least;
  },
  maximum: (wanted) => {
    const most = known(wanted, isNumber);
    return (value) => typeof value !== 'number' || value <= most;
  },
  pattern: (wanted) => {
    const pattern = new RegExp(known(wanted, isText), 'u');
    return (value) => typeof value !== 'string' || pattern.test(value);
  },
  minLength: (wanted) => {
    const least = known(wanted, isNumber);
    return (value) => typeof value !== 'string' || value.length >= 2 * least || Array.from(value).length >= least;
  },
  maxLength: (wanted) => {
    const most = known(wanted, isNumber);
    return (value) => typeof value !== 'string' || value.length <= most || Array.from(value).length <= most;
  },

  items: (wanted, tests) => {
    const test = tests.later(wanted);
    return (value) => !Array.isArray(value) || value.every(test);
  },
  minItems: (wanted) => {
    const least = known(wanted, isNumber);
    return (value) => !Array.isArray(value) || value.length >= least;
  },
  maxItems: (wanted) => {
    const most = known(wanted, isNumber);
    return (value) => !Array.isArray(value) || value.length <= most;
  },
  uniqueItems: (wanted) => {
    if (wanted !== true) throw new UnknownToTest('uniqueItems');
    return (value) => !Array.isArray(value) || new Set(value.map((one) => known(one, isScalar))).size === value.length;
  },

  properties: (wanted, tests, { additionalProperties = {} }) =>
    testProperties(known(wanted, isRecord), additionalProperties, tests),
  required: (wanted) => {
    const names = known(wanted, isList).map((one) => known(one, isText));
    return (value) => !isRecord(value) || names.every((name) => value[name] !== undefined);
  },
  minProperties: (wanted) => {
    const least = known(wanted, isNumber);
    return (value) => !isRecord(value) || Object.keys(value).length >= least;
  },
  propertyNames: (wanted, tests) => {
    const test = tests.later(wanted);
    return (value) => !isRecord(value) || Object.keys(value).every((name) => test(name));
  },
  dependentRequired: (wanted) => {
    const needs = Object.entries(known(wanted, isRecord)).map(
      ([name, others]) => [name, known(others, isList).map((one) => known(one, isText))] as const,
    );
    return (value) =>
      !isRecord(value) ||
      needs.every(([name, others]) => value[name] === undefined || others.every((one) => value[one] !== undefined));
  },
};

function testProperties(properties: Schema, additional: unknown, tests: Tests): Test {
  const named = new Map(Object.entries(properties).map(([name, schema]) => [name, tests.later(schema)]));
  const other = tests.later(additional);
  return (value) => {
    if (!isRecord(value)) return true;
    for (const name of Object.keys(value)) {
      const part = value[name];
      const test = named.get(name);
      if (test === undefined ? !other(part) : part !== undefined && !test(part)) return false;
    }
    return true;
  };
}

const types: Readonly<Record<string, Test>> = {
  string: isText,
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  number: isNumber,
  array: isList,
  object: isRecord,
};

function known<Shape>(value: unknown, isOfShape: (value: unknown) => value is Shape): Shape {
  if (isOfShape(value)) return value;
  throw new UnknownToTest();
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** What is equal to nothing but itself; an item that was left out, too. */
function isScalar(value: unknown): value is string | number | boolean | symbol {
  return typeof value !== 'object' && value !== undefined;
}
