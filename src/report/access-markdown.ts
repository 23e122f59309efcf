/** Who had what at a moment, as a comment: what is proven, what is in part, what is unknown. */
import { count } from '../model/count.ts';
import type { AccessPart, AccessReport, AccountAccess } from '../model/generated/access-report.ts';
import { declaredText, fileText, partText, provenText } from './access-text.ts';
import { code } from './markdown.ts';
import { fitComment, type Section } from './markdown-sections.ts';

export function accessMarkdown(report: AccessReport): string {
  const { accounts, files } = report;
  const sections = [
    ofState(accounts, 'known', 'Proven', accounts.length <= 20),
    ofState(accounts, 'partly', 'In part', true),
    ofState(accounts, 'unknown', 'Unknown', true),
    wishSection(accounts),
    { title: 'Users files then', isOpen: false, head: [], rows: files.map((file) => `- ${code(fileText(file))}`) },
  ];
  return fitComment(headOf(report), sections, '');
}

function headOf({ at, server, counts, rests_on: rests, population, tool }: AccessReport): string {
  return [
    `### muster access, ${provenText(counts)}`,
    `${code(server.url)} at ${code(at)}, told by ${code(tool)}: ${count(counts.accounts, 'account')}${counts.not_yet === 0 ? '' : `, ${counts.not_yet} more came later`}`,
    `It rests on ${count(rests.observations, 'recorded reading')} and ${count(rests.runs, 'run')}.${population === 'complete' ? '' : ' Whether these were all accounts is not known.'}`,
    '',
  ].join('\n\n');
}

function ofState(
  accounts: readonly AccountAccess[],
  state: AccessPart['state'],
  title: string,
  isOpen: boolean,
): Section {
  const rows = accounts.flatMap(({ username, parts }) =>
    parts
      .filter((part) => part.state === state)
      .map((part) => `| ${code(username)} | ${code(part.kind)} | ${code(partText(part))} |`),
  );
  return { title: `${title} (${rows.length})`, isOpen, head: ['| who | kind | what |', '|---|---|---|'], rows };
}

function wishSection(accounts: readonly AccountAccess[]): Section {
  return {
    title: 'Declared then: a wish, and no proof',
    isOpen: false,
    head: ['| who | what |', '|---|---|'],
    rows: accounts.flatMap(({ username, declared }) =>
      declared === undefined ? [] : [`| ${code(username)} | ${code(declaredText(declared))} |`],
    ),
  };
}
