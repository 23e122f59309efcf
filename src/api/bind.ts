import type { Secret } from '../model/secret.ts';
import type { Engine } from './engine.ts';
import type { AnyOperation } from './operation.ts';
import type { ReadGroups, WriteGroups } from './operations.ts';
import { iteratePages } from './pages.ts';

type Bound = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Makes a function of a row of the table. */
function bindOperation(engine: Engine, name: string, row: AnyOperation, token: Secret | undefined): unknown {
  if ('pagesOf' in row) return (...args: readonly unknown[]) => iteratePages(engine, name, row, args, token);
  return (...args: readonly unknown[]) => engine.call(name, row, args, token);
}

function bindGroups(
  engine: Engine,
  table: object,
  token: Secret | undefined,
  keep: (row: AnyOperation) => boolean,
): Bound {
  const groups: [string, object][] = Object.entries(table);
  const bound = groups.map(([groupName, group]) => {
    const rows: [string, AnyOperation][] = Object.entries(group);
    const methods = rows
      .filter(([, row]) => keep(row))
      .map(([name, row]) => [name, bindOperation(engine, `${groupName}.${name}`, row, token)] as const);
    return [groupName, Object.freeze(Object.fromEntries(methods))] as const;
  });
  return Object.fromEntries(bound.filter(([, methods]) => Object.keys(methods).length > 0));
}

// The table's types promise what the loops above build from its values. The compiler cannot follow that, so these two
// signatures state it; `test/api/client.test.ts` compares every method with its row.

/** The methods that only read. The object has no other: there is nothing to call by mistake. */
export function bindReads(engine: Engine, table: object, token: Secret | undefined): ReadGroups;
export function bindReads(engine: Engine, table: object, token: Secret | undefined): object {
  return bindGroups(engine, table, token, (row) => row.access === 'read');
}

/** All methods. */
export function bindAll(engine: Engine, table: object, token: Secret | undefined): WriteGroups;
export function bindAll(engine: Engine, table: object, token: Secret | undefined): object {
  return bindGroups(engine, table, token, () => true);
}
