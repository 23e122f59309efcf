/**
 * Where each page stands. A page that is not there is left out, and one that no group names comes last, so that a new page
 * is on the site before anyone has thought of its place.
 */
export const groups = [
  { text: 'Begin', pages: ['index', 'install', 'first-day', 'adopt'] },
  {
    text: 'Work',
    pages: ['recipes', /^(gitops|github|gitlab|ci|pull-requests|plan-outputs)/, 'schedule', 'reconcile', 'fleet'],
  },
  { text: 'Prove', pages: ['audit', 'audit-reports', 'access', 'reviews', 'evidence'] },
  {
    text: 'Operate',
    pages: [
      'operations',
      /^(docker|container|kubernetes|systemd|deploy)/,
      'security',
      'performance',
      'versions',
      'changes',
    ],
  },
  {
    text: 'Look up',
    pages: [
      'files',
      'reference/commands',
      'reference/exit-codes',
      'reference/errors',
      'reference/outputs',
      'reference/metrics',
      'reference/dependencies',
      'glossary',
    ],
  },
  {
    text: 'Understand',
    pages: ['how-it-works', 'what-people-ask-for', 'comparison', 'decisions/index', /^decisions\//],
  },
  { text: 'Program', pages: ['library', 'reference/library/index', 'api', 'source/examples', 'source/schemas'] },
  { text: 'Contribute', pages: ['contributing', 'architecture', 'security-reports'] },
];

/** Too many for the list at the side: pages of their own lead to them. */
const isHidden = (name) => /^decisions\/\d|^reference\/library\/(?!index$)/.test(name);

/** @param titles - by page, as `docs/first-day.md` begins */
export function sidebar(titles) {
  const left = new Set([...titles.keys()].filter((name) => !isHidden(name)));
  const listed = groups.map(({ text, pages }) => {
    const names = pages.flatMap((one) =>
      typeof one === 'string' ? [one] : sorted(left).filter((name) => one.test(name)),
    );
    const items = names.filter((name) => left.delete(name));
    return { text, items: items.map((name) => ({ text: titles.get(name), link: linkOf(name) })) };
  });
  const more = { text: 'More', items: sorted(left).map((name) => ({ text: titles.get(name), link: linkOf(name) })) };
  return [...listed, more].filter(({ items }) => items.length > 0);
}

const linkOf = (name) => `/${name.replace(/(^|\/)index$/, '$1')}`;

const sorted = (names) => [...names].toSorted((one, other) => one.localeCompare(other));
