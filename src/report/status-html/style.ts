/** The look of the page: each state has a sign and a border of its own, so that no one needs colours to tell them apart. */
export const style = `
:root { color-scheme: light; --back: #fff; --text: #1b2026; --soft: #57616d; --line: #d5dbe2; --panel: #f4f6f8; --link: #1f56b0;
  --ok: #1d6b3a; --paused: #1f56b0; --quarantined: #8a3ffc; --failing: #a3122f; --stale: #7a5200; --unknown: #57616d; }
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --back: #14181d; --text: #e5e9ee; --soft: #a0abb7; --line: #323b46; --panel: #1c2229; --link: #8ab6ff;
    --ok: #7fd6a0; --paused: #8ab6ff; --quarantined: #c9a4ff; --failing: #ff7d93; --stale: #e4c078; --unknown: #a0abb7; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1.25rem 3rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.2rem; line-height: 1.3; }
h3 { margin: 1.4rem 0 .4rem; font-size: .95rem; }
p { margin: .3rem 0; }
a { color: var(--link); }
.soft { color: var(--soft); }
.kicker { color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
.tallies { display: flex; flex-wrap: wrap; gap: .4rem .6rem; margin: .9rem 0 0; padding: 0; list-style: none; }
.state { display: inline-block; padding: .1rem .6rem; border: 2px solid var(--of); border-radius: 6px; color: var(--of); font-weight: 700; white-space: nowrap; }
.state::before { content: attr(data-sign) "\\00a0"; content: attr(data-sign) "\\00a0" / ""; }
.ok { --of: var(--ok); } .paused { --of: var(--paused); } .quarantined { --of: var(--quarantined); }
.failing { --of: var(--failing); } .stale { --of: var(--stale); } .unknown { --of: var(--unknown); }
.state.ok { border-color: transparent; padding-left: 0; }
.state.paused { border-style: dotted; }
.state.quarantined { border-style: double; border-width: 4px; }
.state.failing { background: var(--of); color: var(--back); }
.state.stale { border-style: dashed; }
section { margin-top: 1.5rem; padding: 1rem 1.1rem 1.2rem; background: var(--panel); border: 1px solid var(--line); border-left: 5px solid var(--of); border-radius: 8px; }
section > header { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; justify-content: space-between; }
.calm { margin: .8rem 0; color: var(--ok); }
.why { margin: .7rem 0 0; font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.2rem, 1fr)); gap: .6rem; margin: .9rem 0; }
.tile { padding: .5rem .75rem; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
.tile b { display: block; font-size: 1.35rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .85rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .5rem 0 0; }
dt { color: var(--soft); }
dd { margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th, td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); color: var(--soft); font-size: .82rem; }
tbody tr + tr { border-top: 1px solid var(--line); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.fleet { margin-top: 1.5rem; }
.fleet td { vertical-align: middle; }
time, time + .soft { white-space: nowrap; }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
@media (max-width: 40rem) {
  body { padding: 1rem .8rem 2rem; }
  h1 { font-size: 1.3rem; }
  section { padding: .8rem .8rem 1rem; }
  dl { grid-template-columns: 6.4rem 1fr; gap: .15rem .6rem; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  thead { display: none; }
  table, tbody, tr { display: block; }
  tbody tr { padding: .5rem 0; }
  td, td.number { display: inline-block; padding: .05rem 0; margin-right: .8rem; text-align: left; }
  td:first-child { display: block; font-weight: 600; }
  td[data-of]::before { content: attr(data-of) ": "; color: var(--soft); }
  td[data-of]:first-child::before { content: none; }
  td:empty { display: none; }
}
`;
