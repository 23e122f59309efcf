import type { Activity, LiveBot, LiveIntegration, LiveSession } from './audit.ts';
import type { AccountId } from './user-values.ts';

/** What the server said, why it did not, or both, where it said a part. */
export type Readable<Value> =
  | { readonly value: Value; readonly missing?: string }
  | { readonly value?: undefined; readonly missing: string };

/** A report of people, and how many the server counted for it before and after. */
export interface CountedActivity {
  readonly byAccount: ReadonlyMap<AccountId, Activity>;
  readonly before: number;
  readonly after: number;
}

/** Who knows the id of an incoming webhook can post by it: enough of it to find the webhook, and no more. */
export const shortId = (id: string): string => `${id.slice(0, 6)}…`;

/** What an audit is read through, beside a `LiveReader`. Whatever stands behind it can only read. */
export interface AuditReader {
  /** When people were last there; bots are left out. One reading, which proves nothing by itself. */
  activity(): Promise<Readable<CountedActivity>>;
  /** Sessions of one account, those that its tokens made too. */
  sessions(id: AccountId): Promise<readonly LiveSession[]>;
  bots(): Promise<Readable<readonly LiveBot[]>>;
  webhooks(): Promise<Readable<readonly LiveIntegration[]>>;
  commands(): Promise<Readable<readonly LiveIntegration[]>>;
}
