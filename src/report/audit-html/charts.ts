/** Small charts: a table of words and figures, which anybody can read, with a bar as inline SVG beside each. */
import { severities } from '../../model/audit-rules.ts';
import type { AuditReport, AuditSummary, Severity, Tally } from '../../model/generated/audit-report.ts';
import { type Markup, markup } from '../markup.ts';

interface Bar {
  readonly label: string;
  readonly count: number;
  readonly colour?: Severity;
}

const stateLabels: Readonly<Record<keyof AuditSummary['by_state'], string>> = {
  people_active: 'Active people',
  people_inactive: 'Inactive people',
  bots_active: 'Active bots',
  bots_inactive: 'Disabled bots',
  remote: 'Remote accounts',
};

const ageLabels: Readonly<Record<keyof AuditSummary['tokens_by_age'], string>> = {
  within_month: 'At most 30 days',
  within_quarter: '31 to 90 days',
  within_year: '91 to 365 days',
  older: 'More than a year',
  unknown: 'Not known: foreign',
};

export function charts({ summary }: AuditReport): Markup {
  const { by_state: state, by_sign_in: signIn, by_role: role, tokens_by_age: age, findings } = summary;
  return markup`<div class="charts">
${chart(
  'Findings by severity',
  severities.map((colour) => ({ label: colour, count: findings[colour], colour })),
)}
${chart('Accounts by state', [
  { label: stateLabels.people_active, count: state.people_active },
  { label: stateLabels.people_inactive, count: state.people_inactive },
  { label: stateLabels.bots_active, count: state.bots_active },
  { label: stateLabels.bots_inactive, count: state.bots_inactive },
  { label: stateLabels.remote, count: state.remote },
])}
${chart('Active people by sign-in', bars(signIn))}
${chart('Active accounts by role', bars(role))}
${chart('Tokens by age', [
  { label: ageLabels.within_month, count: age.within_month },
  { label: ageLabels.within_quarter, count: age.within_quarter },
  { label: ageLabels.within_year, count: age.within_year },
  { label: ageLabels.older, count: age.older },
  { label: ageLabels.unknown, count: age.unknown },
])}
</div>`;
}

/** A server may have any number of roles. */
const maxBars = 12;

function bars(tallies: readonly Tally[]): readonly Bar[] {
  const shown = tallies.slice(0, maxBars).map(({ name, count }) => ({ label: name, count }));
  const others = tallies.slice(maxBars);
  if (others.length === 0) return shown;
  return [...shown, { label: `${others.length} others`, count: others.reduce((sum, { count }) => sum + count, 0) }];
}

function chart(title: string, all: readonly Bar[]): Markup {
  const most = Math.max(...all.map(({ count }) => count), 0);
  if (most === 0) return markup`<figure><figcaption>${title}</figcaption><p class="none">none</p></figure>`;
  return markup`<figure><figcaption>${title}</figcaption><table class="bars"><tbody>
${all.map(({ label, count, colour }) => markup`<tr><th scope="row">${label}</th><td>${bar(count, most, colour)}</td><td class="number">${grouped(count)}</td></tr>\n`)}</tbody></table></figure>`;
}

/** @param most - the figure that fills the whole width */
export function bar(count: number, most: number, colour?: Severity): Markup {
  const width = most === 0 ? 0 : Math.round((count / most) * 1000) / 10;
  return markup`<svg class="bar${colour === undefined ? '' : ` ${colour}`}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg>`;
}

/** Such as `20 000`, with a blank that does not break. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
