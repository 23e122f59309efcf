/** What stands on the way from the start to where the search is, and how early on it a way leads back. */
interface Visit {
  readonly name: string;
  readonly index: number;
  earliest: number;
  readonly rest: Iterator<string>;
}

/**
 * The names from which a way along the edges leads back to themselves, each with a number that all of its cycle share. Every
 * edge is gone once (Tarjan), and a long chain takes no stack.
 */
export function cyclesOf(edges: ReadonlyArray<readonly [from: string, to: string]>): ReadonlyMap<string, number> {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) next.set(from, (next.get(from) ?? new Set()).add(to));
  const cycles = new Map<string, number>();
  const indexes = new Map<string, number>();
  // Names whose cycle is not known yet.
  const open: string[] = [];
  const isOpen = new Set<string>();
  const way: Visit[] = [];
  const begin = (name: string): void => {
    const index = indexes.size;
    indexes.set(name, index);
    open.push(name);
    isOpen.add(name);
    way.push({ name, index, earliest: index, rest: (next.get(name) ?? new Set<string>()).values() });
  };
  const finish = ({ name, index, earliest }: Visit): void => {
    if (earliest < index) return;
    const cycle = open.splice(open.lastIndexOf(name));
    for (const one of cycle) isOpen.delete(one);
    if (cycle.length > 1 || next.get(name)?.has(name) === true) for (const one of cycle) cycles.set(one, index);
  };
  for (const start of next.keys()) {
    if (!indexes.has(start)) begin(start);
    for (let visit = way.at(-1); visit !== undefined; visit = way.at(-1)) {
      const { value: to, done } = visit.rest.next();
      if (done === true) {
        way.pop();
        finish(visit);
        const before = way.at(-1);
        if (before !== undefined) before.earliest = Math.min(before.earliest, visit.earliest);
      } else if (!indexes.has(to)) begin(to);
      else if (isOpen.has(to)) visit.earliest = Math.min(visit.earliest, indexes.get(to) ?? visit.earliest);
    }
  }
  return cycles;
}
