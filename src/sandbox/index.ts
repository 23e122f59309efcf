/**
 * An embedded server that answers Mattermost's users API on loopback, for demos, for tests and for clients that want to
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
export type { BotRow, Mail, MailKind, PreferenceRow, SessionRow, TokenRow, UserRow } from './rows.ts';
export { type SandboxSeed, type SeedIntegration, SeedRefusedError, type SeedToken, type SeedUser } from './seed.ts';
export type { PersonState, SandboxState } from './snapshot.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';
export { StateFileRefusedError } from './state-file.ts';
