/** The outside of the client: all its methods are there, and those that nobody needs here say so. */
import { operations } from '../../src/api/index.ts';

type Rows = Readonly<
  Record<string, { readonly access: 'read' | 'write'; readonly method?: string; readonly path?: string }>
>;
type Groups = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const table: ReadonlyMap<string, Rows> = new Map(
  Object.entries(operations as unknown as Readonly<Record<string, Rows>>),
);

export function rowOf(group: string, name: string): { operation: string; method: string; path: string } {
  const { method = 'GET', path = '' } = table.get(group)?.[name] ?? {};
  return { operation: `${group}.${name}`, method, path };
}

function missingMethods(isWanted: (access: 'read' | 'write') => boolean): Groups {
  return Object.fromEntries(
    [...table].map(([group, rows]) => [
      group,
      Object.fromEntries(
        Object.entries(rows)
          .filter(([, { access }]) => isWanted(access))
          .map(([name]) => [name, () => notModelled(`${group}.${name}`)]),
      ),
    ]),
  );
}

function notModelled(operation: string): never {
  throw new Error(`the simulation does not model ${operation}`);
}

export const missing: Groups = missingMethods(() => true);
export const missingReads: Groups = missingMethods((access) => access === 'read');

/**
 * Of what is modelled only what the face has, and for the rest a method that says so. A group is made when it is first used: most
 * clients use few.
 */
export function faceOf(used: Readonly<Record<string, () => object>>, face: Groups): object {
  const groups = new Map(Object.entries(used));
  const made: object = {};
  for (const [group, methods] of Object.entries(face)) {
    let own: object | undefined;
    Object.defineProperty(made, group, {
      enumerable: true,
      get: () => {
        own ??= Object.assign(Object.create(methods), pickOf(groups.get(group)?.() ?? {}, methods));
        return own;
      },
    });
  }
  return made;
}

const pickOf = (all: object, wanted: object): object =>
  Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(wanted, name)));

/** Made once, however often it is asked for. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
