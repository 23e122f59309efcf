/** What muster reconcile may know of servers: one of each state. */
import type { ReconcileState } from '../../src/model/generated/reconcile-state.ts';
import type { ShownServer } from '../../src/report/status-html/page.ts';

export const stateNowMs: number = Date.parse('2027-01-04T12:00:00Z');
const minute = 60_000;
const at = (minutes: number): string => new Date(stateNowMs + minutes * minute).toISOString();

/** @param text - stands wherever a text from outside may stand */
export function statesOf(text: (word: string) => string = (word) => word): readonly ShownServer[] {
  const last = { at: at(-4), mode: 'enforce' as const, took_ms: 8400, done: 12, failed: 0, stale: 1, skipped: 0 };
  const state = (server: string, own: Partial<ReconcileState> = {}): ReconcileState => ({
    format: 'muster-reconcile',
    version: 1,
    server: text(`https://${server}.chat.example.com`),
    mode: 'enforce',
    interval_ms: 15 * minute,
    beat: at(-1),
    cycles: 2312,
    looked: at(-4),
    succeeded: at(-4),
    next: at(11),
    classes: [],
    contested: [],
    drift: [],
    unusable: 0,
    last: { ...last, run: text('run-000041-20270104T115600Z-1f0c2d3e') },
    ...own,
  });
  const trouble = (code: string, words: string, count: number, minutes: number): Pick<ReconcileState, 'trouble'> => ({
    trouble: { code, text: text(words), count, since: at(-minutes) },
  });
  return [
    {
      name: 'eu',
      state: state('eu', {
        recent: [0, 1, 2, 3].map((i) => ({
          ...last,
          at: at(-4 - i * 75),
          done: 12 - 3 * i,
          failed: i === 2 ? 1 : 0,
          run: text(`run-00004${1 - i < 0 ? 0 : 1 - i}-20270104T115600Z-1f0c2d3e`),
        })),
        window: { open: true, until: at(480) },
      }),
    },
    {
      name: 'us',
      state: state('us', {
        drift: [
          { class: 'deactivate', planned: 0, blocked: 37, held: 0 },
          { class: 'update', planned: 2, blocked: 0, held: 1 },
        ],
        unusable: 2,
        classes: [
          {
            budget: 'deactivate',
            reason: text('37 people, and the budget of 24 hours is 10'),
            since: at(-300),
            tries: 3,
            retry: at(170),
          },
        ],
        contested: [
          {
            key: text('k'),
            place: text('p'),
            person: text('ada'),
            class: 'role-grant',
            attribute: text('roles'),
            written: [at(-200), at(-185)],
            found: [at(-185), at(-170)],
            told: at(-170),
          },
        ],
        window: { open: false, until: at(60) },
      }),
    },
    {
      name: 'ap',
      state: state('ap', {
        pause: { reason: text('upgrade of the server'), by: text('grace'), until: at(2000) },
        next: at(14),
      }),
    },
    {
      name: 'lab',
      state: state('lab', {
        ...trouble('API_UNAVAILABLE', 'the server answered 503 (Service Unavailable)', 3, 9),
        next: at(3),
      }),
    },
    {
      name: 'old',
      state: state('old', {
        ...trouble('API_UNAUTHORIZED', 'the server refused the token', 7, 900),
        quarantine: { why: 'credential', since: at(-900), tries: 6 },
        next: at(200),
      }),
    },
    { name: 'far', state: state('far', { beat: at(-95), looked: at(-100), succeeded: at(-100), next: at(-90) }) },
    {
      name: 'new',
      failure: {
        code: 'CALLER_TOKEN',
        text: text('MUSTER_SERVER_NEW binds the token to https://other.example.com'),
      },
    },
  ];
}
