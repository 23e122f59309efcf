/**
 * An embedded server that answers Mattermost's API of users, teams and channels on loopback, for demos, for tests and for clients that want to
 * be tried without a real server. It is written from the API reference and imports nothing else of this project, so it
 * is an independent witness. Where it is simpler than the real one, the docstring of the route says so.
 */
export type { SandboxConfig } from './config.ts';
export { defaultConfig } from './config.ts';
export { type SandboxControl, UnknownInSandboxError } from './control.ts';
export type { FaultHandle, FaultKind, FaultMatch, FaultSpec, Faults } from './faults.ts';
export { seededRandomness } from './ids.ts';
export type { RequestRecord } from './ledger.ts';
export type { Licence, LicenceOption } from './licence.ts';
export type { MembershipState } from './membership-states.ts';
export type {
  BotRow,
  ChannelRow,
  EventRow,
  Mail,
  MailKind,
  PostRow,
  PostType,
  PreferenceRow,
  SessionRow,
  TeamRow,
  TokenRow,
  UserRow,
} from './rows.ts';
export type { SandboxSeed, SeedIntegration, SeedToken, SeedUser } from './seed.ts';
export type { SeedChannel, SeedChannelMembership, SeedMembership, SeedTeam } from './seed-places.ts';
export { SeedRefusedError } from './seed-refused.ts';
export type { PersonState, SandboxState } from './snapshot.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';
export { StateFileRefusedError } from './state-file.ts';
