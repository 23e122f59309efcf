import type { UserEntry } from '../../../src/model/generated/users-file.ts';
import type { PersonState, RequestRecord, SandboxState } from '../../../src/sandbox/index.ts';
import { likenessOf } from './portrait.ts';
import { apiPath, isWrite, type Stage } from './stage.ts';

/** The sign-in services of the stages here; e-mail login is the empty text. */
const services: ReadonlySet<string> = new Set(['', 'saml', 'ldap']);

/** Looks at the server after every write: some things must hold at every moment. */
export class Watch {
  readonly complaints: string[] = [];
  /** The owner of every token that was ever seen, by the token's id. */
  readonly owners: Map<string, string> = new Map();
  readonly #minAdmins: number;
  readonly #declared: ReadonlySet<string>;
  #stage: Stage | undefined;
  #begin: SandboxState | undefined;

  constructor(minAdmins: number, entries: readonly UserEntry[]) {
    this.#minAdmins = minAdmins;
    this.#declared = new Set(entries.flatMap((one) => [one.username, ...(one.previous_usernames ?? [])]));
  }

  begin(stage: Stage): void {
    this.#stage = stage;
    this.#begin = stage.sandbox.snapshot();
    this.#remember(this.#begin);
  }

  /** @param line - the request that was just answered; none: something else happened */
  look(line?: RequestRecord): void {
    if (this.#stage === undefined || this.#begin === undefined || (line !== undefined && !isWrite(line))) return;
    const now = this.#stage.sandbox.snapshot();
    this.#remember(now);
    const what = line === undefined ? 'between two requests' : `after ${line.method} ${apiPath(line)}`;
    for (const text of [...this.#adminsMissing(this.#begin, now), ...this.#touched(this.#begin, now)])
      this.complaints.push(`${what}: ${text}`);
  }

  #remember({ tokens }: SandboxState): void {
    for (const { id, user_id } of tokens) this.owners.set(id, user_id);
  }

  #adminsMissing(begin: SandboxState, now: SandboxState): readonly string[] {
    const [had, has] = [begin.people.filter(canAdminister).length, now.people.filter(canAdminister).length];
    return has < Math.min(had, this.#minAdmins) ? [`${has} of ${had} administrators are left`] : [];
  }

  /** The caller, and everybody whom no entry stands for. */
  #touched(begin: SandboxState, now: SandboxState): readonly string[] {
    return begin.people.flatMap((was) => {
      if (this.#declared.has(was.username) && was.username !== 'sandbox-admin') return [];
      const is = now.people.find(({ id }) => id === was.id);
      const isSame =
        is?.username === was.username && JSON.stringify(likenessOf(is, now)) === JSON.stringify(likenessOf(was, begin));
      return isSame ? [] : [`${was.username} was touched`];
    });
  }
}

function canAdminister({ roles, delete_at, isBot, remote_id, auth_service }: PersonState): boolean {
  const isPerson = !isBot && (remote_id === null || remote_id === '');
  return isPerson && delete_at === 0 && roles.split(' ').includes('system_admin') && services.has(auth_service);
}
