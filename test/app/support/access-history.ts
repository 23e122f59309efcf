/** Months of a server in which muster and people by hand change the same accounts, and its own record of what was there. */
import { access } from '../../../src/app/access.ts';
import { apply } from '../../../src/app/apply.ts';
import { audit } from '../../../src/app/audit.ts';
import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import { type PersonState, type SandboxState, seededRandomness } from '../../../src/sandbox/index.ts';
import { openStage, type Stage } from '../../apply/support/stage.ts';

const minuteMs = 60_000;

/** What was there from a moment on. */
export interface LedgerLine {
  readonly ms: number;
  readonly state: Pick<SandboxState, 'people' | 'tokens'>;
}

export interface AccessHistory {
  readonly stage: Stage;
  /** By time; what came about in one millisecond is one line. */
  readonly ledger: readonly LedgerLine[];
  readonly beganMs: number;
  readonly endedMs: number;
}

/** @param steps - things that happen, a third of them by hand */
export async function liveThrough(seed: number, people: number, steps: number): Promise<AccessHistory> {
  const random = seededRandomness(seed);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const names = Array.from({ length: people }, (_, i) => `user-${i}`);
  const ledger: LedgerLine[] = [];
  const stage: Stage = await openStage({
    seed,
    licence: 'enterprise',
    config: { 'TeamSettings.MaxUsersPerTeam': 1000 },
    teams: ['core'],
    users: names.map((username, i) => ({ username, ...(i % 2 === 0 && { teams: ['core'] }) })),
    log: ({ method }) => {
      if (method !== 'GET') note();
    },
  });
  const { clock, sandbox, ports } = stage;
  const note = (): void => {
    const { people: all, tokens } = sandbox.snapshot();
    const ms = clock.now();
    if (ledger.at(-1)?.ms === ms) ledger.pop();
    ledger.push({ ms, state: { people: all, tokens } });
  };
  note();
  const beganMs = clock.now();
  const entries = new Map(names.map((username): [string, UserEntry] => [username, { username }]));
  await stage.declare([...entries.values()]);
  const byHand = async (method: string, path: string, body: object): Promise<void> => {
    const answer = await fetch(`${sandbox.url}/api/v4${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${sandbox.adminToken}` },
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const person = (): PersonState => stage.user(pick(names) ?? '');
  const hands: readonly (() => Promise<void>)[] = [
    async () => {
      const roles = pick(['system_user', 'system_user system_admin', 'system_user system_user_manager']);
      await byHand('PUT', `/users/${person().id}/roles`, { roles });
    },
    async () => byHand('PUT', `/users/${person().id}/active`, { active: random() < 0.5 }),
    async () => {
      const { id, delete_at: left } = person();
      if (left === 0) await byHand('POST', `/users/${id}/tokens`, { description: 'by hand' });
    },
    async () => {
      const token = pick(
        sandbox.snapshot().tokens.filter(({ user_id: id }) => id !== sandbox.control.user('sandbox-admin')?.id),
      );
      if (token === undefined) return;
      await byHand('POST', `/users/tokens/${pick(['revoke', 'disable', 'enable'])}`, { token_id: token.id });
    },
  ];
  const declare = (): void => {
    const username = pick(names) ?? '';
    const roles = pick([['system_user'], ['system_user', 'system_admin']]) ?? [];
    const tokens = random() < 0.5 ? [{ name: 'ci' }] : [];
    const teams: UserEntry['teams'] = [random() < 0.5 ? 'core' : { team: 'core', member: false }];
    entries.set(username, { username, roles, active: random() < 0.7, tokens, teams });
  };
  for (let step = 0; step < steps; step++) {
    clock.advance(Math.ceil(random() * 600) * minuteMs);
    const chance = random();
    if (chance < 0.4) await pick(hands)?.();
    else if (chance < 0.6) {
      declare();
      await stage.declare([...entries.values()]);
      await apply({ record: random() < 0.5, confirm: () => Promise.resolve(true) }, ports);
    } else if (chance < 0.8) await audit({ record: true }, ports);
    else await access({ record: true }, ports);
    clock.advance(1);
  }
  return { stage, ledger, beganMs, endedMs: clock.now() };
}

/** What the server held at a moment. */
export function heldAt({ ledger }: AccessHistory, atMs: number): LedgerLine['state'] {
  const line = ledger.findLast(({ ms }) => ms <= atMs);
  if (line === undefined) throw new Error('before the beginning');
  return line.state;
}
