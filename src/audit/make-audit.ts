/** From everything that was read to the report: rules, severities, waivers, controls, order. Pure. */
import { isAdministrative } from '../model/admin-rules.ts';
import { type AuditContext, type AuditSubject, type FindingDraft, ruleSettings, type Waiver } from '../model/audit.ts';
import { type AuditRule, auditRuleNames, auditRules, severities } from '../model/audit-rules.ts';
import { digestOf } from '../model/canonical-json.ts';
import { compareText } from '../model/compare.ts';
import type {
  AppliedRule,
  AppliedWaiver,
  AuditReport,
  AuditSummary,
  Completeness,
  Finding,
  Severity,
} from '../model/generated/audit-report.ts';
import { isKnownAs, namesOfAccount } from '../model/identity.ts';
import type { ResourceDefinition } from '../model/resource-definition.ts';
import { controls } from './generated/controls.ts';
import type { Population } from './population.ts';
import { populationRules } from './rules/index.ts';
import { talliesOf } from './tallies.ts';

export interface AuditInput {
  readonly population: Population;
  readonly context: AuditContext;
  readonly kinds: readonly ResourceDefinition[];
  readonly waivers: readonly Waiver[];
  readonly completeness: Completeness;
}

export function makeAudit(input: AuditInput): AuditReport {
  const { population, context, waivers, completeness } = input;
  const drafts = draftsOf(input).filter(({ rule }) => ruleSettings(context.settings, rule).isOn);
  const findings = drafts.map((draft) => toFinding(draft, context, waivers)).toSorted(bySeverity);
  return {
    format: 'muster-audit/1',
    completeness,
    summary: summaryOf(population, context, findings),
    rules: auditRuleNames.map((rule) => appliedRule(rule, context, completeness, findings)),
    findings,
    waivers: waivers.map((waiver) => appliedWaiver(waiver, drafts)),
  };
}

function draftsOf({ population, context, kinds }: AuditInput): readonly FindingDraft[] {
  return [
    ...Object.values(populationRules).flatMap((rule) => rule(population, context)),
    ...population.subjects.flatMap((subject) => kinds.flatMap((kind) => kind.audit(subject, context))),
  ];
}

function toFinding(draft: FindingDraft, context: AuditContext, waivers: readonly Waiver[]): Finding {
  const { rule, account, thing, text, evidence, at } = draft;
  const person = account?.values.username ?? draft.person;
  const waiver = waivers.find((one) => accepts(one, draft));
  return {
    id: findingId(draft),
    rule,
    severity: severityOf(draft, context),
    ...(person !== undefined && { person }),
    ...(account !== undefined && { account: account.id }),
    ...(thing !== undefined && { thing }),
    text,
    advice: auditRules[rule].advice,
    evidence,
    ...(at !== undefined && { at: { file: at.file, line: at.line, column: at.column } }),
    ...(waiver !== undefined && { waived: { by: waiver.by, reason: waiver.reason, expires: waiver.expires } }),
  };
}

/** The same for the same fault in every report, whatever the account is called by then. */
const findingId = ({ rule, account, thing }: FindingDraft): string =>
  digestOf([rule, account?.id ?? '', thing ?? '']).slice('sha256:'.length, 'sha256:'.length + 16);

/** What the file says of a rule decides; else what the fault itself says. */
function severityOf({ rule, severity }: FindingDraft, { settings }: AuditContext): Severity {
  const set = ruleSettings(settings, rule).severity;
  return set === auditRules[rule].severity ? (severity ?? set) : set;
}

function accepts(waiver: Waiver, draft: FindingDraft): boolean {
  return waiver.state === 'valid' && isMeant(waiver, draft) && !isOwn(waiver, draft);
}

function isMeant({ rule, users }: Waiver, { rule: found, account, person }: FindingDraft): boolean {
  return rule === found && [account?.values.username, person].some((name) => name !== undefined && users.has(name));
}

/** No one accepts a finding about themselves. */
const isOwn = ({ identity }: Waiver, { account, person }: FindingDraft): boolean =>
  isKnownAs(identity, [person, ...(account === undefined ? [] : namesOfAccount(account.values))]);

function bySeverity(one: Finding, other: Finding): number {
  return (
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    compareText(one.rule, other.rule) ||
    compareText(one.person ?? '', other.person ?? '') ||
    compareText(one.text, other.text) ||
    compareText(one.id, other.id)
  );
}

function appliedRule(
  rule: AuditRule,
  { settings }: AuditContext,
  { reads }: Completeness,
  findings: readonly Finding[],
): AppliedRule {
  const { isOn, severity, days } = ruleSettings(settings, rule);
  const unread = auditRules[rule].needs.find((need) =>
    reads.some(({ what, missing }) => what === need && missing !== undefined),
  );
  return {
    rule,
    title: auditRules[rule].title,
    severity,
    on: isOn,
    ...(days !== undefined && { days }),
    found: findings.filter((finding) => finding.rule === rule).length,
    ...(unread !== undefined && { unread }),
    controls: controls
      .filter(({ rules }) => rules.includes(rule))
      .map(({ framework, id, title }) => ({ framework, id, title })),
  };
}

function appliedWaiver(waiver: Waiver, drafts: readonly FindingDraft[]): AppliedWaiver {
  const { rule, users, reason, by, expires, identity, authorship } = waiver;
  const isAboutThemselves =
    isKnownAs(identity, users) || drafts.some((draft) => isMeant(waiver, draft) && isOwn(waiver, draft));
  const state = waiver.state === 'valid' && isAboutThemselves ? 'self' : waiver.state;
  const waives = drafts.filter((draft) => accepts(waiver, draft)).length;
  return {
    rule,
    users: [...users].toSorted(),
    reason,
    by,
    expires,
    state,
    waives,
    ...(authorship !== undefined && { authorship }),
  };
}

function summaryOf(
  { subjects }: Population,
  { facts, nowMs }: AuditContext,
  findings: readonly Finding[],
): AuditSummary {
  const count = (has: (subject: AuditSubject) => boolean): number => subjects.filter(has).length;
  const open = findings.filter(({ waived }) => waived === undefined);
  const of = (severity: Severity): number => open.filter((finding) => finding.severity === severity).length;
  return {
    accounts: subjects.length,
    active: count(({ account }) => account.values.active),
    inactive: count(({ account }) => !account.values.active),
    bots: count(({ account }) => account.isBot),
    remote: count(({ account }) => account.isRemote),
    admins: count(
      ({ account: { values } }) =>
        values.active && values.roles.some((role) => isAdministrative(role, facts.administrativeRoles)),
    ),
    declared: count(({ desired }) => desired !== undefined),
    undeclared: count(
      ({ account, desired }) => desired === undefined && account.values.active && !account.isBot && !account.isRemote,
    ),
    tokens: subjects.reduce((sum, { live }) => sum + (live.token?.length ?? 0), 0),
    findings: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low'), info: of('info') },
    waived: findings.length - open.length,
    ...talliesOf(subjects, nowMs),
  };
}
