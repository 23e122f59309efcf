import type { LicenceOption, SandboxConfig } from '../../../src/sandbox/index.ts';
import type { Reply } from './caller.ts';
import { expectRefused, type Refused } from './expectations.ts';
import type { Stage } from './stage.ts';

/** What a case wants of its server. The sandbox is started that way; a real server is only asked whether it is so. */
export interface Needs {
  readonly config?: Partial<SandboxConfig>;
  /** `none` is a need too: with a licence the answer would be another. */
  readonly licence?: LicenceOption;
  /** Why the case may only run where nobody else works: it reaches beyond the accounts that it made. */
  readonly ownServer?: string;
  /** Why a real server cannot be brought to the point in question through the API. */
  readonly onlySandbox?: string;
}

/** One fact of the contract. */
export interface ContractCase extends Needs {
  readonly title: string;
  readonly run: (stage: Stage) => Promise<void>;
}

/** Cases by operation: its name in the reference, or `group.method` of the client where it has none there. */
export type ContractCases = Readonly<Record<string, readonly ContractCase[]>>;

/** A case, its sentence first. */
export function fact(title: string, run: ContractCase['run'], needs: Needs = {}): ContractCase {
  return { ...needs, title, run };
}

/** A case that is refused, with this status and id. */
export function refusal(
  title: string,
  refused: Refused,
  send: (stage: Stage) => Promise<Reply>,
  needs: Needs = {},
): ContractCase {
  return fact(title, async (stage) => expectRefused(await send(stage), refused), needs);
}
