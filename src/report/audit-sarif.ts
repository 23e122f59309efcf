/** An audit as SARIF 2.1.0, for code scanning and other programs that collect findings. */
import type { Location, Log, Notification, ReportingConfiguration, ReportingDescriptor, Result } from 'sarif';
import type { AppliedRule, AuditReport, Finding, Severity } from '../model/generated/audit-report.ts';
import { controlName, readText } from './audit-parts.ts';
import { jsonText } from './json-text.ts';
import { printable } from './printable.ts';
import { artifactOf, dead, sarifSchema } from './sarif-parts.ts';

interface SeverityRow {
  readonly level: NonNullable<ReportingConfiguration.level>;
  /** What code scanning orders by: 9 and more is critical, 7 high, 4 medium. */
  readonly score: string;
}

const severityRows: Readonly<Record<Severity, SeverityRow>> = {
  critical: { level: 'error', score: '9.5' },
  high: { level: 'error', score: '8.0' },
  medium: { level: 'warning', score: '5.5' },
  low: { level: 'note', score: '3.0' },
  info: { level: 'note', score: '0.1' },
};

export function auditSarif(report: AuditReport): string {
  return jsonText(sarifOf(report));
}

function sarifOf({ completeness, summary, rules, findings }: AuditReport): Log {
  const { tool, run_by: by, server, began, ended, moment, files, reads, requests } = completeness;
  const [name = 'muster', version = ''] = tool.split(' ');
  const places = new Map(rules.map(({ rule }, i) => [rule, i]));
  const advice = new Map(findings.map((finding) => [finding.rule, finding.advice]));
  return {
    $schema: sarifSchema,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name, version, rules: rules.map((rule) => descriptorOf(rule, advice.get(rule.rule))) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: began,
            endTimeUtc: ended,
            account: printable(by.username),
            toolExecutionNotifications: reads
              .filter(({ missing }) => missing !== undefined)
              .map((read): Notification => ({ level: 'warning', message: { text: dead(readText(read)) } })),
          },
        ],
        results: findings.map((finding) => resultOf(finding, places.get(finding.rule) ?? -1)),
        properties: {
          completeness: { run_by: by, server, moment, files, reads, requests },
          summary,
        },
      },
    ],
  };
}

function descriptorOf(
  { rule, title, severity, on, unread, controls }: AppliedRule,
  advice: string | undefined,
): ReportingDescriptor {
  const { level, score } = severityRows[severity];
  const names = controls.map(controlName);
  const help = [
    ...(advice === undefined ? [] : [`What to do: ${advice}.`]),
    ...(names.length === 0 ? [] : [`Controls: ${names.join(', ')}.`]),
    ...(unread === undefined ? [] : [`Not checked: ${unread} could not be read.`]),
  ];
  return {
    id: rule,
    name: rule,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: help.length === 0 ? title : help.join(' ') },
    defaultConfiguration: { level, enabled: on },
    properties: { tags: ['access', ...names], precision: 'high', 'security-severity': score },
  };
}

function resultOf(finding: Finding, ruleIndex: number): Result {
  const { id, rule, severity, person, account, thing, text, evidence, waived } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: severityRows[severity].level,
    message: { text: dead(`${person ?? 'the server'}: ${text}`) },
    locations: [locationOf(finding)],
    partialFingerprints: { 'musterFinding/v1': id },
    ...(waived !== undefined && {
      suppressions: [
        {
          kind: 'external' as const,
          status: 'accepted' as const,
          justification: dead(`${waived.reason} (by ${waived.by}, until ${waived.expires})`),
        },
      ],
    }),
    properties: {
      severity,
      ...(person !== undefined && { person }),
      ...(account !== undefined && { account }),
      ...(thing !== undefined && { thing }),
      evidence,
    },
  };
}

/** The line of a users file where there is one, and always the account, or the server. */
function locationOf({ person, account, at }: Finding): Location {
  const name = printable(person ?? 'server');
  return {
    ...(at !== undefined && {
      physicalLocation: {
        artifactLocation: artifactOf(at.file),
        region: { startLine: at.line, startColumn: at.column },
      },
    }),
    logicalLocations: [
      {
        name,
        kind: person === undefined ? 'server' : 'account',
        ...(account !== undefined && { fullyQualifiedName: `account/${account}` }),
      },
    ],
  };
}
