import { administrativeRolesOf } from '../../model/admin-rules.ts';
import type { AuditSubject, FindingDraft } from '../../model/audit.ts';
import { protectRules } from '../../model/protect-rules.ts';
import type { Population, PopulationRule } from '../population.ts';

/** An administrator that no entry stands for is never protected away: `policy.protect` says who is left alone, not who is known. */
export const undeclaredAdmin: PopulationRule = (population, context) =>
  undeclared(population).flatMap((subject): FindingDraft[] => {
    const held = administrativeRolesOf(subject.account, context.facts.administrativeRoles);
    return held.length === 0
      ? []
      : [draftOf('undeclared-admin', subject, `is ${held.join(', ')}, and ${whoStandsFor(subject, population)}`)];
  });

/** An entry that cannot be used says nothing for sure: its author must not be able to hide an administrator behind it. */
function whoStandsFor({ account }: AuditSubject, { matching: { doubts } }: Population): string {
  const [entry] = doubts.about(account);
  return entry === undefined
    ? 'no entry stands for it'
    : `no entry stands for it but one that cannot be used (${entry.at.file}:${entry.at.line})`;
}

/** Whom an unusable entry may mean is not undeclared: that entry is a finding of its own, and names them. */
export const undeclaredAccount: PopulationRule = (population, context) => {
  const isProtected = protectRules(context.policy.protect);
  return undeclared(population)
    .filter(({ account }) => population.matching.doubts.about(account).length === 0)
    .filter(({ account: { id, values } }) => !isProtected({ id, usernames: [values.username] }))
    .filter((subject) => administrativeRolesOf(subject.account, context.facts.administrativeRoles).length === 0)
    .map((subject) => draftOf('undeclared-account', subject, 'is active, and no entry stands for it'));
};

const undeclared = ({ subjects }: Population): readonly AuditSubject[] =>
  subjects.filter(
    ({ desired, account }) => desired === undefined && account.values.active && !account.isBot && !account.isRemote,
  );

function draftOf(
  rule: 'undeclared-account' | 'undeclared-admin',
  { account }: AuditSubject,
  text: string,
): FindingDraft {
  const { email, roles } = account.values;
  return { rule, account, text, evidence: [{ read: 'accounts', fact: `${email}, roles: ${roles.join(' ')}` }] };
}
