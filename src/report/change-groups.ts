/** What a plan says of many people at once: changes that are the same, or alike, stand together. Pure, and the same for every format. */
import { canonicalJson } from '../model/canonical-json.ts';
import { rowOf } from '../model/change-classes.ts';
import { groupBy } from '../model/group-by.ts';
import type { Change } from '../model/plan.ts';

/** `same`: each changes from the same to the same. `alike`: the same field, each with values of its own. */
export interface ChangeGroup<Item> {
  readonly kind: 'same' | 'alike';
  readonly items: readonly [Item, ...Item[]];
}

export interface Grouping<Item> {
  readonly changeOf: (item: Item) => Change;
  /** What items of one group have in common beside the change, such as the rail that blocks them. */
  readonly alsoBy?: (item: Item) => unknown;
  /** Fewer than these are no group. */
  readonly atLeast: number;
}

/** Groups in the order of their first items, and the items of no group, in their order. Each item stands in one place. */
export function groupChanges<Item>(
  items: readonly Item[],
  { changeOf, alsoBy = () => '', atLeast }: Grouping<Item>,
): { readonly groups: ReadonlyArray<ChangeGroup<Item>>; readonly rest: readonly Item[] } {
  const shapeOf = (item: Item): string => {
    const { class: name, concerns_admin: concern, attribute, before, after, reason } = changeOf(item);
    const shape = [name, concern, attribute, before !== undefined, after !== undefined, reason.rule, reason.text];
    return JSON.stringify([...shape, alsoBy(item)]);
  };
  const valuesOf = (item: Item): string => {
    const { before, after, destination, source } = changeOf(item);
    return canonicalJson({ shape: shapeOf(item), before, after, destination, source });
  };
  const isMany = (own: readonly Item[]): own is readonly [Item, ...Item[]] => own.length >= Math.max(1, atLeast);
  const groupOf = new Map<Item, ChangeGroup<Item>>();
  const collect = (kind: ChangeGroup<Item>['kind'], keyOf: (item: Item) => string): void => {
    const open = items.filter((item) => !groupOf.has(item));
    for (const own of groupBy(open, keyOf).values()) {
      if (isMany(own)) for (const item of own) groupOf.set(item, { kind, items: own });
    }
  };
  collect('same', valuesOf);
  collect('alike', shapeOf);
  const groups = new Map(
    [...items].flatMap((item) => {
      const group = groupOf.get(item);
      return group === undefined ? [] : [[group.items, group] as const];
    }),
  );
  return { groups: [...groups.values()], rest: items.filter((item) => !groupOf.has(item)) };
}

/** Neither access nor a way in depends on it: of such changes a report may show the first ones and count the others. */
export function isHarmless(change: Change): boolean {
  const { access, administration, touchesAdministrators } = rowOf(change);
  return (
    access === 'none' && administration === 'none' && !touchesAdministrators && change.concerns_admin === undefined
  );
}
