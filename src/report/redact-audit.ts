import type { AuditReport, Authorship, Finding } from '../model/generated/audit-report.ts';
import { NumberedNames } from './numbered-names.ts';

const hidden = '(not shown)';

/**
 * An audit with numbers instead of names, for places that more people can read than may know them. The same person has the
 * same number everywhere in it. What a rule says of a finding may quote anything, so the title of the rule takes its place. Ids
 * stay: a person who may look into the server finds by them whom a finding means.
 */
export function redactAudit(report: AuditReport): AuditReport {
  const { format, completeness, summary, rules, findings, waivers } = report;
  const names = new NumberedNames();
  const titles = new Map(rules.map(({ rule, title }) => [rule, title]));
  for (const { person, waived } of findings) {
    if (person !== undefined) names.addPerson(person);
    if (waived !== undefined) names.addPerson(waived.by);
  }
  for (const { users, by, authorship } of waivers)
    for (const name of [...users, by, authorship?.author]) if (name !== undefined) names.addPerson(name);
  const caller = names.addPerson(completeness.run_by.username);
  const text = (shown: string): string => names.replace(shown);
  return {
    format,
    completeness: {
      ...completeness,
      run_by: { id: completeness.run_by.id, username: caller },
      files: completeness.files.map(text),
    },
    summary,
    rules,
    findings: findings.map(
      ({ id, rule, severity, person, account, advice, evidence, at, waived }): Finding => ({
        id,
        rule,
        severity,
        ...(person !== undefined && { person: text(person) }),
        ...(account !== undefined && { account }),
        text: titles.get(rule) ?? hidden,
        advice,
        evidence: evidence.map(({ read }) => ({ read, fact: hidden })),
        ...(at !== undefined && { at: { ...at, file: text(at.file) } }),
        ...(waived !== undefined && {
          waived: { by: text(waived.by), reason: hidden, expires: waived.expires },
        }),
      }),
    ),
    waivers: waivers.map(({ rule, users, by, expires, state, waives, authorship }) => ({
      rule,
      users: users.map(text),
      by: text(by),
      reason: hidden,
      expires,
      state,
      waives,
      ...(authorship !== undefined && { authorship: redactAuthorship(authorship, text) }),
    })),
  };
}

const redactAuthorship = (
  { status, commit, author, why }: Authorship,
  text: (shown: string) => string,
): Authorship => ({
  status,
  ...(commit !== undefined && { commit }),
  ...(author !== undefined && { author: text(author) }),
  ...(why !== undefined && { why: text(why) }),
});
