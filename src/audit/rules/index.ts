import type { AuditRule } from '../../model/audit-rules.ts';
import type { PopulationRule } from '../population.ts';
import { drift } from './drift.ts';
import { duplicatePerson } from './duplicate-person.ts';
import { leaverBot, leaverCommand, leaverWebhook } from './leavers-things.ts';
import { serviceAccount } from './service-account.ts';
import { tooFewAdmins } from './too-few-admins.ts';
import { undeclaredAccount, undeclaredAdmin } from './undeclared.ts';

import { unusableEntry } from './unusable-entry.ts';

/** Rules that see the whole population; those about one account are in the folder of their kind. */
export const populationRules: Readonly<Partial<Record<AuditRule, PopulationRule>>> = {
  drift,
  'unusable-entry': unusableEntry,
  'undeclared-account': undeclaredAccount,
  'undeclared-admin': undeclaredAdmin,
  'too-few-admins': tooFewAdmins,
  'leaver-bot': leaverBot,
  'leaver-webhook': leaverWebhook,
  'leaver-command': leaverCommand,
  'duplicate-person': duplicatePerson,
  'service-account': serviceAccount,
};
