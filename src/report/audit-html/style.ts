/** The look of the page: print is always light; a narrow screen gets a card for each row. */
export const style = `
:root { color-scheme: light; --back: #fff; --text: #1b2026; --soft: #57616d; --line: #d5dbe2; --panel: #f4f6f8; --link: #1f56b0;
  --bar: #4a7dbd; --critical: #a3122f; --high: #b8420b; --medium: #856000; --low: #1c6a83; --info: #57616d; --good: #1d6b3a; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --back: #14181d; --text: #e5e9ee; --soft: #a0abb7; --line: #323b46; --panel: #1c2229; --link: #8ab6ff;
    --bar: #5f93d6; --critical: #ff7d93; --high: #ffa06b; --medium: #e4c078; --low: #7ec8e0; --info: #a0abb7; --good: #7fd6a0; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.25rem 4rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; }
p { margin: .4rem 0; max-width: 50rem; }
a { color: var(--link); }
small, .soft, .none { color: var(--soft); }
small { display: block; font-size: .82rem; }
.kicker { margin: 0; color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
nav { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .9rem; }
.verdict { margin: 1rem 0 0; max-width: none; padding: .7rem .9rem; background: var(--panel); border-left: 4px solid var(--good); font-weight: 600; }
.verdict.critical, .verdict.high { border-color: var(--critical); }
.verdict.medium { border-color: var(--medium); }
.verdict.low, .verdict.info { border-color: var(--low); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .75rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.4rem, 1fr)); gap: .6rem; margin: .75rem 0; }
.tile { padding: .6rem .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
.tile b { display: block; font-size: 1.45rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: 1.25rem 2rem; margin-top: 1.25rem; }
figure { margin: 0; break-inside: avoid; }
figcaption { margin-bottom: .3rem; font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; table-layout: fixed; }
th, td { padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); font-size: .82rem; color: var(--soft); vertical-align: bottom; }
.rows tbody tr { border-bottom: 1px solid var(--line); }
.rows tbody tr:target { background: var(--panel); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
.bars th { width: 42%; font-weight: 400; }
.bars th, .bars td { padding: .1rem .5rem .1rem 0; vertical-align: middle; }
.bars .number { width: 3.5rem; padding-right: 0; }
.bar { display: block; width: 100%; height: .75rem; fill: var(--bar); }
.bar.critical { fill: var(--critical); } .bar.high { fill: var(--high); } .bar.medium { fill: var(--medium); }
.bar.low { fill: var(--low); } .bar.info { fill: var(--info); }
td.critical, td.high, td.medium, td.low, td.info { font-weight: 600; }
td.critical { color: var(--critical); } td.high { color: var(--high); } td.medium { color: var(--medium); }
td.low { color: var(--low); } td.info { color: var(--info); }
.findings th:nth-child(1), .rules th:nth-child(1) { width: 6rem; }
.findings th:nth-child(2) { width: 22%; } .findings th:nth-child(3) { width: 16%; } .findings th:nth-child(5) { width: 19%; }
.reads th:nth-child(1) { width: 7.5rem; } .reads th:nth-child(2) { width: 6rem; }
.reads th:nth-child(3), .reads th:nth-child(4) { width: 7rem; }
.controls th:nth-child(1) { width: 24%; } .controls th:nth-child(3) { width: 10%; } .controls th:nth-child(4) { width: 14%; }
.controls th:nth-child(5) { width: 24%; } .controls .share { padding-top: .65rem; }
.rules th:nth-child(3) { width: 4.5rem; } .rules th:nth-child(4) { width: 17%; } .rules th:nth-child(5) { width: 30%; }
.waivers th:nth-child(5), .waivers th:nth-child(6) { width: 6.5rem; }
code { font: .86em ui-monospace, "Liberation Mono", Menlo, Consolas, monospace; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: .5rem 0; font-size: .9rem; }
.tools input, .tools select { font: inherit; padding: .35rem .5rem; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: 4px; }
.tools input { flex: 1 1 14rem; max-width: 26rem; min-width: 0; }
th button { all: unset; cursor: pointer; }
th button:hover { text-decoration: underline; }
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " \\2191"; content: " \\2191" / ""; }
th[aria-sort=descending] button::after { content: " \\2193"; content: " \\2193" / ""; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
@media screen and (max-width: 44rem) {
  body { padding: 1rem .9rem 3rem; }
  h1 { font-size: 1.35rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .35rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .rows, .rows tbody, .rows tr, .rows td { display: block; width: auto; }
  .rows thead { display: none; }
  .rows.sortable thead, .rows.sortable thead tr { display: flex; flex-wrap: wrap; gap: 0 1rem; }
  .rows.sortable thead th { display: block; width: auto; padding: .2rem 0; border: 0; }
  .rows tbody tr { padding: .5rem 0; }
  .rows td { padding: .1rem 0; text-align: left; }
  .rows td:empty { display: none; }
  .rows td[data-of]::before { content: attr(data-of) ": "; color: var(--soft); font-weight: 400; }
}
@media print {
  @page { margin: 14mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
  html { font-size: 11.5px; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  th button { display: contents; }
  nav, .tools { display: none; }
  h2 { break-after: avoid; }
  tr, .tile { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
  .verdict, .tile { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .charts { grid-template-columns: 1fr 1fr; }
}
`;
