import type { Activity, LiveBot, LiveIntegration, LiveSession } from './audit.ts';
import type { AccountId } from './user-values.ts';

/** What the server said, or why it did not. */
export type Readable<Value> = { readonly value: Value } | { readonly missing: string };

/** What an audit is read through, beside a `LiveReader`. Whatever stands behind it can only read. */
export interface AuditReader {
  /** When people were last there; bots are left out. */
  activity(): Promise<Readable<ReadonlyMap<AccountId, Activity>>>;
  /** Sessions of one account, those that its tokens made too. */
  sessions(id: AccountId): Promise<readonly LiveSession[]>;
  bots(): Promise<Readable<readonly LiveBot[]>>;
  webhooks(): Promise<Readable<readonly LiveIntegration[]>>;
  commands(): Promise<Readable<readonly LiveIntegration[]>>;
}
