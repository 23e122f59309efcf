import type { Budgets } from './approval.ts';
import type { AuthorshipSetting } from './authorship.ts';
import type { PolicyFile, SinkFile, SourceFile } from './generated/config-file.ts';
import type { Approver } from './identity.ts';

/** The rules of `muster.yaml`, with every default filled in. */
export interface Policy {
  readonly undeclaredUsers: NonNullable<PolicyFile['undeclared_users']>;
  readonly foreignTokens: NonNullable<PolicyFile['foreign_tokens']>;
  readonly invite: NonNullable<PolicyFile['invite']>;
  readonly leaverTokens: 'disable' | 'revoke' | 'keep';
  readonly leaverMemberships: 'keep' | 'leave';
  /** Of teams and private channels that the entry does not name. */
  readonly returnerMemberships: 'report' | 'leave';
  /** Teams, and channels as `core/ops`, in which no one is whom no entry names there. */
  readonly exactPlaces: readonly string[];
  /** Usernames, or `id:<id>`. */
  readonly protect: readonly string[];
  readonly minAdmins: number;
  readonly timeZone: string;
  readonly allowRoles: readonly string[];
  readonly authServiceOff: NonNullable<PolicyFile['auth_service_off']>;
  /** By class; a class without one has no budget. */
  readonly budgets: Budgets;
  /** Who is meant by the names that approvals, waivers and reviews give. */
  readonly approvers: readonly Approver[];
  /** Whether they are compared with the commits that brought them, and have to be proven. */
  readonly approvalSignature: AuthorshipSetting;
  /** Public keys, as those of approvers. */
  readonly trustedMergeKeys: readonly string[];
  /** What happens where nothing tells what was changed in the last 24 hours. */
  readonly window: NonNullable<PolicyFile['window']>;
}

/** Where secrets come from and go to. Paths are absolute. */
export interface SecretSettings {
  readonly dir: string;
  /** Whether muster.yaml names that folder; otherwise it is the default one. */
  readonly isDirExplicit?: boolean;
  /** The sink of tokens that name none; absent: files in `dir`. */
  readonly defaultSink?: string;
  readonly sinks: Readonly<Record<string, SinkFile>>;
  readonly sources: Readonly<Record<string, SourceFile>>;
}
