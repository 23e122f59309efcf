/**
 * Draws how CPU and memory grow with the number of people, from what `npm run bench -- --json` printed.
 *
 *   node bench/plot.mjs FILE… > docs/images/growth.svg
 *
 * Both axes are logarithmic: what grows with the number of people is a line as steep as the thin grey ones.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [width, height, margin] = [860, 400, { left: 64, right: 40, top: 36, bottom: 44 }];
const panel = { width: (width - margin.left * 2 - margin.right * 2) / 2, height: height - margin.top - margin.bottom };
const colours = { load: '#1b6e53', plan: '#1d4e89' };

const label = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const seconds = (ms) => (ms < 1000 ? `${label(ms)} ms` : `${label(ms / 1000)} s`);
const round = (value) => Math.round(value * 10) / 10;

const rows = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).rows);
process.stdout.write(svg(['CPU', 'peak memory'].map((what) => ({ what, lines: linesOf(what) }))));

/** The points of each line, by the number of people. */
function linesOf(what) {
  return Object.keys(colours).map((name) => ({
    name,
    points: rows
      .flatMap((row) => {
        const [, people] = new RegExp(`^${name} of (\\d+) people: ${what}$`).exec(row.what) ?? [];
        return row.case !== 'scale' || people === undefined ? [] : [{ people: Number(people), value: row.value }];
      })
      .toSorted((a, b) => a.people - b.people),
  }));
}

function svg(panels) {
  const parts = panels.map((one, i) => drawPanel(one, margin.left + i * (panel.width + margin.left + margin.right)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="How CPU and memory grow with the number of people">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

function drawPanel({ what, lines }, left) {
  const points = lines.flatMap((line) => line.points);
  if (points.length === 0) throw new Error(`no rows about ${what}`);
  const xs = decades(points.map(({ people }) => people));
  const ys = decades(points.map(({ value }) => value));
  const x = (value) => round(left + (panel.width * (Math.log10(value) - xs[0])) / (xs.at(-1) - xs[0]));
  const y = (value) =>
    round(margin.top + panel.height - (panel.height * (Math.log10(value) - ys[0])) / (ys.at(-1) - ys[0]));
  const [bottom, right] = [margin.top + panel.height, left + panel.width];
  const grid = [
    ...xs.map(
      (p) =>
        `<path d="M${x(10 ** p)} ${margin.top}V${bottom}" stroke="#dddddd"/><text x="${x(10 ** p)}" y="${bottom + 18}" text-anchor="middle" fill="#444444">${label(10 ** p)}</text>`,
    ),
    ...ys.map(
      (p) =>
        `<path d="M${left} ${y(10 ** p)}H${right}" stroke="#dddddd"/><text x="${left - 6}" y="${y(10 ** p) + 4}" text-anchor="end" fill="#444444">${what === 'CPU' ? seconds(10 ** p) : `${label(10 ** p)} MiB`}</text>`,
    ),
  ];
  const drawn = lines.map(({ name, points: own }) => {
    // Where the lines begin there is room between them: above the upper one, and below the other.
    const [first] = own;
    const isUpper = lines.every(({ points: [other] }) => other.value <= first.value);
    const path = own.map(({ people, value }, i) => `${i === 0 ? 'M' : 'L'}${x(people)} ${y(value)}`).join('');
    const dots = own.map(
      ({ people, value }) => `<circle cx="${x(people)}" cy="${y(value)}" r="3" fill="${colours[name]}"/>`,
    );
    const tag = `<text x="${x(first.people) + 8}" y="${y(first.value) + (isUpper ? -16 : 20)}" fill="${colours[name]}">${name}</text>`;
    return `<path d="${path}" fill="none" stroke="${colours[name]}" stroke-width="2"/>${dots.join('')}${tag}`;
  });
  return `<text x="${left}" y="20" font-weight="600" fill="#222222">${what}, by the number of people</text>
<path d="M${x(10 ** xs[0])} ${bottom}L${right} ${round(bottom - (panel.height * (xs.at(-1) - xs[0])) / (ys.at(-1) - ys[0]))}" stroke="#bbbbbb" stroke-dasharray="4 4"/>
${grid.join('\n')}
${drawn.join('\n')}`;
}

/** The powers of ten around the values. */
function decades(values) {
  const [least, most] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(1, most - least) + 1 }, (_, i) => least + i);
}
