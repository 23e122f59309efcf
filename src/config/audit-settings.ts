import type { AuditSettings } from '../model/audit.ts';
import { auditRuleNames, auditRules } from '../model/audit-rules.ts';
import type { AuditFile, ConfigFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { InputError } from '../model/problem.ts';

/**
 * `policy.audit` with every default filled in.
 *
 * @throws {InputError} when a rule that counts no days is given a number of days
 */
export function resolveAudit({ policy: { audit = {} } = {} }: Pick<ConfigFile, 'policy'>): AuditSettings {
  refuseDays(audit);
  return {
    leaverHours: audit.leaver_hours ?? 24,
    ...(audit.sign_in !== undefined && { signIn: audit.sign_in }),
    tuned: audit.rules ?? {},
  };
}

function refuseDays({ rules = {} }: AuditFile): void {
  const wrong = auditRuleNames.filter((rule) => {
    const named = rules[rule];
    return typeof named === 'object' && named.days !== undefined && auditRules[rule].days === undefined;
  });
  if (wrong.length === 0) return;
  throw new InputError(wrong.map((rule) => refuse('rule-without-days', { rule })));
}
