import type { ReadClient, WriteClient } from '../api/index.ts';
import type { KindRunner } from '../model/action-runner.ts';
import type { Kind } from '../model/kinds.ts';
import type { ResourceDefinition } from '../model/resource-definition.ts';
import type { Secret } from '../model/secret.ts';

/** Where passwords come from. */
export interface Passwords {
  read(source: string): Promise<Secret>;
  randomPassword(): Secret;
}

/** Where new secrets go. */
export interface TokenSink {
  deliver(
    sink: string | undefined,
    token: { user: string; name: string; generation: number; day?: string },
    secret: Secret,
  ): Promise<string>;
}

/** How time passes. */
export interface Waits {
  /** Until a call whose response was lost has certainly been carried out or never will be; `false` when interrupted. */
  readonly waitUntilSettled: () => Promise<boolean>;
  /** Until a replica that lags behind may show more. */
  readonly pause: () => Promise<void>;
}

/** What the runner of a kind works with. */
export interface KindPorts {
  readonly client: WriteClient;
  readonly secrets: Passwords & TokenSink;
  readonly waits: Waits;
}

/** A kind as its folder offers it: what it means, and how it is read and written. */
export interface ResourceKind<K extends Kind, Reader> {
  readonly definition: ResourceDefinition<K>;
  readonly reader: (client: ReadClient) => Reader;
  readonly runner: (ports: KindPorts) => KindRunner;
}
