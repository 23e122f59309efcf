/** The page of `docs/reference/errors.md`, from the register of messages. */
import { exitCodes } from '../src/model/exit-codes.ts';
import { approvalAdvice, type BlockedRow, blockedRows } from '../src/model/messages/blocked-rows.ts';
import type { Blame, ErrorRow } from '../src/model/messages/error-row.ts';
import { errorRows } from '../src/model/messages/errors.ts';
import { heldRows } from '../src/model/messages/held-rows.ts';
import { noticeRows } from '../src/model/messages/notice-rows.ts';
import type { ProblemRow } from '../src/model/messages/problem-row.ts';
import { problemRows } from '../src/model/messages/problems.ts';
import type { Text } from '../src/model/messages/text.ts';
import { warningRows } from '../src/model/messages/warning-rows.ts';

const intro = `# Messages and their codes

<!-- Generated from src/model/messages/ by npm run generate. Do not edit. -->

Each error has a code that stays the same between versions. \`--format json\` shows it as \`error.code\`. Scripts can rely on codes and
exit codes; texts may change. In a text, \`{name}\` stands for a value.

Exit codes are the ones of a run that the error stops. An error of a single action does not stop the run: the report lists it, and
the run ends with exit code 6.
`;

const fixedBy: Readonly<Record<Blame, string>> = {
  user: 'you',
  server: 'the server side',
  bug: 'the authors of muster: please report it',
};

const cell = (text: string): string =>
  text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;').replaceAll('*', String.raw`\*`);

const textLine = ({ text, todo }: Text, otherwise: string | undefined): string =>
  `| \`${text}\` | ${cell(todo ?? otherwise ?? '')} |`;

function errorSection([code, row]: readonly [string, ErrorRow]): string {
  const lines =
    'texts' in row ? Object.values(row.texts).map((text) => textLine(text, row.todo)) : [textLine(row, undefined)];
  return `### ${code}

${row.when}

Exit code ${exitCodes[row.exit]}. Can be fixed by ${fixedBy[row.blame]}.

| Message | What to do |
|---|---|
${[...new Set(lines)].join('\n')}
`;
}

const heldIntro = `## Held changes

A held change is a real difference that muster will not or cannot write. Plans list it with its code, who decides instead, and what to
do. It is no action and has no exit code.
`;

const problemIntro = `## Problems

A problem is something wrong with what a person wrote: a file, a flag, a setting. \`--format json\` lists problems in \`error.problems\`,
each with its place. A command that finds one ends with exit code ${exitCodes.input}, and nothing was written. Where only one entry of a users file cannot
be used, the plan leaves that person alone, lists the entry as unusable, and goes on with the others.
`;

const problemSection = ([code, row]: readonly [string, ProblemRow & { readonly todo?: string }]): string => `### ${code}

${row.when}

| Message | What to do |
|---|---|
${[...new Set(('texts' in row ? Object.values(row.texts) : [row]).map((text) => textLine(text, row.todo)))].join('\n')}
`;

const blockedIntro = `## Blocked changes

A rail stops what is too much, or what cannot or must not be done. Plans list a blocked change with its rail, the reason and what to
do; a plan with one ends with exit code ${exitCodes.blocked}. The other changes go on.
`;

function blockedSection([code, row]: readonly [string, BlockedRow]): string {
  const texts = 'texts' in row ? Object.values(row.texts) : [row];
  const advice = Object.values(approvalAdvice);
  const about = !texts.some(({ todo }) => todo?.includes('{advice}') === true)
    ? ''
    : `\nThe advice is one of:\n\n${advice.map((one) => `- ${cell(one)}`).join('\n')}\n`;
  return `### ${code}

${row.when}

| Message | What to do |
|---|---|
${[...new Set(texts.map((text) => textLine(text, undefined)))].join('\n')}
${about}`;
}

const noticeIntro = `## Notices

A notice is something that a reader of a plan should know and that is no change. It has no exit code.
`;

const warningIntro = `## Warnings

A warning says what went wrong beside a run and did not stop it. It is told at once, on standard error, and in the log of \`muster reconcile\` with its code. It
has no exit code.
`;

/** The whole page. */
export function errorsPage(): string {
  return [
    intro,
    '## Errors\n',
    ...Object.entries(errorRows).map(errorSection),
    problemIntro,
    ...Object.entries(problemRows).map(problemSection),
    heldIntro,
    ...Object.entries(heldRows).map(problemSection),
    blockedIntro,
    ...Object.entries(blockedRows).map(blockedSection),
    noticeIntro,
    ...Object.entries(noticeRows).map(problemSection),
    warningIntro,
    ...Object.entries(warningRows).map(problemSection),
  ].join('\n');
}
