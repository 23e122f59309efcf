import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { controls } from '../../src/audit/generated/controls.ts';
import { auditRuleNames, auditRules } from '../../src/model/audit-rules.ts';

const page = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8');

/** Lines of the page that are to stand there, in this order. */
const ruleRows = auditRuleNames.map((rule) => {
  const { title, severity, days, advice } = auditRules[rule];
  return `| \`${rule}\` | ${title} | ${severity} | ${days ?? ''} | ${advice} |`;
});
const controlRows = controls.map(
  ({ framework, id, title, rules }) =>
    `| ${framework} ${id} | ${title} | ${rules.map((rule) => `\`${rule}\``).join(', ')} |`,
);

describe('the page on audits', () => {
  test.each([
    ['rule', ruleRows],
    ['control', controlRows],
  ])('has the row of every %s, as the code has it', (_what, rows) => {
    expect(page).toContain(rows.join('\n'));
  });
});
