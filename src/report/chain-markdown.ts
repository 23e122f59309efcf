/** Chains of people as a comment: who they are and how that ended, late ones first, then every step, then the server's own lines. */

import { count } from '../model/count.ts';
import type { AccessLoss, ChainReport, PersonChain } from '../model/generated/chain-report.ts';
import { groupBy } from '../model/group-by.ts';
import { stepDetail } from './chain-text.ts';
import { code } from './markdown.ts';
import { fitComment, type Section } from './markdown-sections.ts';

export function chainMarkdown(report: ChainReport): string {
  const people = report.people.toSorted((one, other) => rankOf(one) - rankOf(other));
  return fitComment(headOf(report), [peopleSection(people), stepSection(people), logSection(people)], '');
}

/** The worst first. */
const verdicts: readonly AccessLoss['verdict'][] = ['late', 'open', 'unknown', 'not-due', 'in-time'];
const rankOf = ({ loss }: PersonChain): number => (loss === undefined ? 0 : verdicts.indexOf(loss.verdict));

function headOf({ about, server, moment, tool, sample, people, leaver_hours: hours }: ChainReport): string {
  const byVerdict = groupBy(people, ({ loss }) => loss?.verdict);
  const counts = verdicts.flatMap((verdict) => {
    const found = byVerdict.get(verdict);
    return found === undefined ? [] : [`${found.length} ${verdict}`];
  });
  const drawn =
    sample === undefined
      ? []
      : [`${sample.drawn} drawn of ${sample.population} ${sample.of}, seed ${code(sample.seed)} (${code(sample.how)})`];
  return [
    `### muster audit ${about}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`,
    `${code(server.url)}, as of ${code(moment)}, read by ${code(tool)}`,
    ...drawn,
    ...(about === 'onboarding' ? [] : [`Access may last for ${count(hours, 'hour')} after it ended.`]),
    '',
  ].join('\n\n');
}

function peopleSection(people: readonly PersonChain[]): Section {
  return {
    title: count(people.length, 'person', 'people'),
    isOpen: true,
    head: ['| who | | what | not proven |', '|---|---|---|---|'],
    rows: people.map(({ person, loss, steps }) => {
      const gaps = new Set(steps.flatMap(({ step, state }) => (state === 'unknown' ? [step] : [])));
      const ended = loss === undefined ? ' | ' : `${loss.verdict} | ${code(loss.text)}`;
      return `| ${code(person)} | ${ended} | ${[...gaps].join(', ')} |`;
    }),
  };
}

function stepSection(people: readonly PersonChain[]): Section {
  return {
    title: 'Steps',
    isOpen: people.length <= 3,
    head: ['| who | step | | when | what |', '|---|---|---|---|---|'],
    rows: people.flatMap(({ person, steps }) =>
      steps.map(
        (step) =>
          `| ${code(person)} | ${step.step} | ${step.state} | ${step.at === undefined ? '' : code(step.at)} | ${code(stepDetail(step))} |`,
      ),
    ),
  };
}

function logSection(people: readonly PersonChain[]): Section {
  return {
    title: 'Lines of the server’s own log',
    isOpen: false,
    head: ['| who | when | what |', '|---|---|---|'],
    rows: people.flatMap(({ person, server_lines: { lines, missing } }) => [
      ...lines.map(({ at, action, info }) => `| ${code(person)} | ${code(at)} | ${code(`${action} ${info}`)} |`),
      ...(missing === undefined ? [] : [`| ${code(person)} | | ${code(missing)} |`]),
    ]),
  };
}
