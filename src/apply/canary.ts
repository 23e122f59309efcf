import { groupBy } from '../model/group-by.ts';
import type { Action } from '../model/plan.ts';

const share = 0.05;
const fewest = 5;
const most = 50;

/**
 * The first people of a run, whose changes are read back before anybody else's begin: five, or one in twenty where that is more, and
 * enough others to cover every class of change. What their actions wait for comes along.
 *
 * @returns ids of actions; none when more than half of the people would be among the first
 */
export function chooseCanary(actions: readonly Action[]): ReadonlySet<string> {
  const people = groupBy(actions, ({ person }) => person);
  if (people.size <= fewest) return new Set();
  const size = Math.min(most, Math.max(fewest, Math.ceil(share * people.size)));
  const byId = new Map(actions.map((action) => [action.id, action]));
  const chosen = new Set<string>();
  const chosenPeople = new Set<string>();
  const classes = new Set<string>();
  const choose = (own: readonly Action[]): void => {
    const open = [...own];
    for (let action = open.pop(); action !== undefined; action = open.pop()) {
      if (chosen.has(action.id)) continue;
      chosen.add(action.id);
      chosenPeople.add(action.person);
      for (const { class: name } of action.changes) classes.add(name);
      for (const { action: earlier } of action.after) {
        const found = byId.get(earlier);
        if (found !== undefined) open.push(found);
      }
    }
  };
  for (const own of people.values()) if (hasNewClass(own, classes)) choose(own);
  for (const own of people.values()) if (chosenPeople.size < size) choose(own);
  return chosenPeople.size * 2 > people.size ? new Set() : chosen;
}

const hasNewClass = (own: readonly Action[], known: ReadonlySet<string>): boolean =>
  own.some(({ changes }) => changes.some(({ class: name }) => !known.has(name)));
