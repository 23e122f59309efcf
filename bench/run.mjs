/**
 * `npm run bench [-- case …]`: what muster costs beside the least that the same job can cost, in fresh processes that take turns,
 * so that the ratios hold on a noisy machine. Prints a table.
 *
 *   --people N        how many people (default 10,000)
 *   --runs N          runs of each process; the one with the least CPU counts (default 3)
 *   --latency MS      what each answer of the sandbox takes longer (default 0)
 *   --json            JSON instead of a table
 *   --compare FILE    beside an earlier --json: by how much each figure changed
 *
 * NODE_EXTRA_CA_CERTS is handed on: with it each process, a bare Node among them, reads certificates first.
 *
 * With MUSTER_E2E_URL and MUSTER_E2E_TOKEN the cases `plan`, `warm` and `list` also look at that server, with
 * everybody there declared as an import writes it, and write nothing there.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '3' },
    latency: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
    compare: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(cases, name));
if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; there are ${Object.keys(cases).join(', ')}`);

const options = { people: Number(values.people), runs: Number(values.runs), latencyMs: Number(values.latency) };
const rows = [];
for (const [name, measure] of Object.entries(cases))
  if (positionals.length === 0 || positionals.includes(name)) rows.push(...(await measure(options)));

if (values.json) console.log(JSON.stringify({ node: process.version, ...options, rows }, undefined, 2));
else
  for (const line of table(rows, values.compare && JSON.parse(readFileSync(values.compare, 'utf8')))) console.log(line);

function table(all, earlier) {
  const before = new Map((earlier?.rows ?? []).map((row) => [`${row.case} ${row.what}`, row.value]));
  return all.map(({ case: name, what, value, unit }) => {
    const was = before.get(`${name} ${what}`);
    const change = was === undefined || was === 0 ? '' : `  ${(value / was).toFixed(2)} of before`;
    return `${name.padEnd(8)} ${what.padEnd(72)} ${String(value).padStart(9)} ${unit}${change}`;
  });
}
