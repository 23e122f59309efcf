import { severities } from '../model/audit-rules.ts';
import { count } from '../model/count.ts';
import type { AuditReport, Finding } from '../model/generated/audit-report.ts';
import { groupBy } from '../model/group-by.ts';
import {
  controlCounts,
  controlName,
  evidenceText,
  findingsText,
  openFindings,
  placeText,
  readText,
  rulesByName,
  utcText,
} from './audit-parts.ts';
import { authorshipText } from './authorship-text.ts';
import { code } from './markdown.ts';
import { fitComment, type Section } from './markdown-sections.ts';

/** An audit as a comment: never longer than a comment may be. Totals are exact, and each section says what it leaves out. */
export function auditMarkdown(report: AuditReport): string {
  const sections = [
    ...findingSections(report),
    waivedSection(report),
    controlSection(report),
    giverSection(report),
    unreadSection(report),
    idleSection(report),
  ];
  return fitComment(`${headOf(report)}\n\n`, sections, `\n${findingsText(report)}\n`);
}

function headOf(report: AuditReport): string {
  const { server, run_by: by, tool, moment, began, ended, reads, requests } = report.completeness;
  const { accounts, active, admins, undeclared, tokens, findings } = report.summary;
  return [
    `### muster audit: ${findingsText(report)}`,
    '',
    `${code(server.url)} (Mattermost ${code(server.version)}), as of ${code(utcText(moment))}: ${count(accounts, 'account')}, ${active} active, ${admins} of them with an administrative role, ${undeclared} undeclared, ${count(tokens, 'token')}`,
    '',
    `**Complete**: read by ${code(by.username)} with ${code(tool)} from ${code(utcText(began))} to ${code(utcText(ended))}, ${count(requests, 'request')}: ${reads
      .filter(({ missing }) => missing === undefined)
      .map(readText)
      .join(', ')}`,
    '',
    `| ${severities.join(' | ')} |`,
    `|${severities.map(() => '--:').join('|')}|`,
    `| ${severities.map((severity) => findings[severity]).join(' | ')} |`,
  ].join('\n');
}

/** A section for each rule, the most serious first. */
function findingSections(report: AuditReport): readonly Section[] {
  const rules = rulesByName(report);
  const groups = groupBy(openFindings(report), ({ severity, rule }) => `${severity} ${rule}`);
  return [...groups.values()].flatMap((group): readonly Section[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { title = '', controls = [] } = rules.get(first.rule) ?? {};
    return [
      {
        title: `${first.severity}: ${title} (${group.length})`,
        isOpen: group.length <= 10,
        head: [
          `→ ${code(first.advice)}${controls.length === 0 ? '' : ` (${controls.map(controlName).join(', ')})`}`,
          '',
          '| who | what | evidence | where |',
          '|---|---|---|---|',
        ],
        rows: group.map(
          (one) =>
            `| ${whoOf(one)} | ${code(one.text)} | ${codeOrNothing(evidenceText(one))} | ${codeOrNothing(placeText(one))} |`,
        ),
      },
    ];
  });
}

function waivedSection({ findings }: AuditReport): Section {
  const rows = findings.flatMap((one) =>
    one.waived === undefined
      ? []
      : [
          `| ${whoOf(one)} | ${one.rule} | ${code(one.text)} | ${code(one.waived.by)} | ${code(one.waived.expires)} | ${code(one.waived.reason)} |`,
        ],
  );
  return {
    title: `Waived: ${rows.length}`,
    isOpen: false,
    head: ['| who | rule | what | by | until | why |', '|---|---|---|---|---|---|'],
    rows,
  };
}

function giverSection({ waivers }: AuditReport): Section {
  return {
    title: 'Who gave the waivers, as git tells',
    isOpen: false,
    head: ['| rule | who | by | git |', '|---|---|---|---|'],
    rows: waivers.flatMap(({ rule, users, by, authorship }) =>
      authorship === undefined
        ? []
        : [`| ${rule} | ${code(users.join(', '))} | ${code(by)} | ${code(authorshipText(authorship))} |`],
    ),
  };
}

function controlSection(report: AuditReport): Section {
  return {
    title: 'Controls, and the open findings of their rules',
    isOpen: false,
    head: ['| control | | findings | not checked |', '|---|---|--:|---|'],
    rows: controlCounts(report).map(
      ({ control, found, uncheckedBy }) =>
        `| ${controlName(control)} | ${control.title} | ${found} | ${uncheckedBy.map(({ rule }) => rule).join(', ')} |`,
    ),
  };
}

function unreadSection({ completeness: { reads } }: AuditReport): Section {
  return {
    title: 'Not read',
    isOpen: true,
    head: ['| what | why |', '|---|---|'],
    rows: reads.flatMap(({ what, missing }) => (missing === undefined ? [] : [`| ${what} | ${code(missing)} |`])),
  };
}

function idleSection({ waivers }: AuditReport): Section {
  return {
    title: 'Waivers that accept nothing',
    isOpen: false,
    head: ['| rule | who | by | until | state |', '|---|---|---|---|---|'],
    rows: waivers
      .filter(({ waives }) => waives === 0)
      .map(
        ({ rule, users, by, expires, state }) =>
          `| ${rule} | ${code(users.join(', '))} | ${code(by)} | ${code(expires)} | ${state} |`,
      ),
  };
}

const whoOf = ({ person }: Finding): string => (person === undefined ? 'the server' : code(person));
const codeOrNothing = (text: string): string => (text === '' ? '' : code(text));
