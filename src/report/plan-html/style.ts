import { style as shared } from '../audit-html/style.ts';

/** The look of an audit's page, with what a plan has of its own. */
export const style: string = `${shared}
td.unusable, td.blocked, td.planned, td.held, td.scheduled { font-weight: 600; }
td.unusable { color: var(--critical); } td.blocked { color: var(--high); } td.planned { color: var(--good); }
td.held { color: var(--medium); } td.scheduled { color: var(--low); }
.changes th:nth-child(1) { width: 6.5rem; } .changes th:nth-child(2) { width: 16%; } .changes th:nth-child(3) { width: 19%; }
.changes th:nth-child(5) { width: 28%; }
.base th:nth-child(2) { width: 45%; }
.todo { color: var(--link); }
pre { padding: .6rem .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; font-size: .85rem; white-space: pre-wrap; }
ul { padding-left: 1.2rem; max-width: 60rem; }
li { margin: .3rem 0; }
@media screen and (max-width: 44rem) { .tiles { grid-template-columns: repeat(3, 1fr); gap: .4rem; } .tile { padding: .4rem .5rem; } }
`;
