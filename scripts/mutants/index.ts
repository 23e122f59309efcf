import { audits } from './audits.ts';
import { entriesBesideABase } from './base.ts';
import { budgetsAndWindow } from './budgets.ts';
import { foresight, marks, rotation, trusted } from './evidence.ts';
import { executor } from './executor.ts';
import { exitCodes } from './exit-codes.ts';
import { fleet } from './fleet.ts';
import { identity } from './identity.ts';
import { kit } from './kit.ts';
import { memberships } from './memberships.ts';
import type { Area } from './mutant.ts';
import { orderAndNeeds } from './order.ts';
import { rails } from './rails.ts';
import { reads } from './reads.ts';
import { reconcile } from './reconcile.ts';
import { resume, selection, settle } from './resume.ts';
import { standing } from './standing.ts';
import { warmReads } from './warm-reads.ts';

/** Every mutant, by the part of the program that it is put into. */
export const areas: Readonly<Record<string, Area>> = {
  rails,
  budgets: budgetsAndWindow,
  order: orderAndNeeds,
  identity,
  preconditions: executor,
  resume,
  settle,
  selection,
  marks,
  rotation,
  foresight,
  trust: trusted,
  reads,
  'warm-reads': warmReads,
  standing,
  reconcile,
  fleet,
  kit,
  audits,
  memberships,
  entries: entriesBesideABase,
  'exit-codes': exitCodes,
};
