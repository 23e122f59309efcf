/** Approvals of what a plan blocks, ready to stand in the approvals file. */
import { dayMs, utcDay } from '../model/duration.ts';
import { groupBy } from '../model/group-by.ts';
import type { Plan } from '../model/plan.ts';
import { printable } from './printable.ts';
import { count } from './values.ts';

/** Long enough for a review, and shorter than an approval may last. */
const days = 7;

/** A whole approvals file; empty where no approval could lift anything. The entries alone fit into a file that is there. */
export function approvalYaml({
  blocked,
  desired,
  server,
}: Pick<Plan, 'blocked' | 'desired' | 'server'>): readonly string[] {
  const liftable = blocked.flatMap(({ budget, approval, change }) =>
    budget === undefined || approval === undefined ? [] : [{ budget, approval, person: change.person }],
  );
  const sets = groupBy(liftable, ({ budget, approval }) => `${budget} ${approval}`);
  if (sets.size === 0) return [];
  const day = desired.moment.slice(0, 10);
  const expires = utcDay(Date.parse(desired.moment) + days * dayMs);
  return [
    'version: 1',
    'approvals:',
    ...[...sets.values()].flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const people = count(new Set(own.map(({ person }) => person)).size, 'person', 'people');
      return [
        `  - class: ${first.budget}`,
        `    reason: ${first.budget} of ${people}, as planned on ${day}`,
        `    by: ${JSON.stringify(printable(server.caller))} # who answers for it`,
        `    expires: ${expires}`,
        `    changes: ${first.approval}`,
      ];
    }),
  ];
}

export const approvalAbout =
  'To approve, put this into the file that approvals: in muster.yaml names; where it has approvals, add the entries alone:';
