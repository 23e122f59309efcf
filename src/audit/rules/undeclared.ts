import { isAdministrative } from '../../model/admin-rules.ts';
import type { AuditContext, AuditSubject, FindingDraft } from '../../model/audit.ts';
import { protectRules } from '../../model/protect-rules.ts';
import type { Population, PopulationRule } from '../population.ts';

/** An administrator that no entry stands for is never protected away: `policy.protect` says who is left alone, not who is known. */
export const undeclaredAdmin: PopulationRule = (population, context) =>
  undeclared(population).flatMap((subject): FindingDraft[] => {
    const held = administrativeRolesOf(subject, context);
    return held.length === 0
      ? []
      : [draftOf('undeclared-admin', subject, `is ${held.join(', ')}, and no entry stands for it`)];
  });

export const undeclaredAccount: PopulationRule = (population, context) => {
  const isProtected = protectRules(context.policy.protect);
  return undeclared(population)
    .filter(({ account: { id, values } }) => !isProtected({ id, usernames: [values.username] }))
    .filter((subject) => administrativeRolesOf(subject, context).length === 0)
    .map((subject) => draftOf('undeclared-account', subject, 'is active, and no entry stands for it'));
};

/** Whom an unusable entry may mean is not undeclared: that entry is a finding of its own. */
const undeclared = ({ subjects, matching: { doubts } }: Population): readonly AuditSubject[] =>
  subjects.filter(
    ({ desired, account }) =>
      desired === undefined &&
      account.values.active &&
      !account.isBot &&
      !account.isRemote &&
      doubts.about(account).length === 0,
  );

const administrativeRolesOf = ({ account }: AuditSubject, { facts }: AuditContext): readonly string[] =>
  account.values.roles.filter((role) => isAdministrative(role, facts.administrativeRoles));

function draftOf(
  rule: 'undeclared-account' | 'undeclared-admin',
  { account }: AuditSubject,
  text: string,
): FindingDraft {
  const { email, roles } = account.values;
  return { rule, account, text, evidence: [{ read: 'accounts', fact: `${email}, roles: ${roles.join(' ')}` }] };
}
