// The public face of the room: what the rest of the program, and users of the library, may know of it.

export type { ApiPromise, ApiResponse } from './api-promise.ts';
export {
  type ClientOptions,
  createClient,
  MattermostClient,
  type ReadClient,
  type WriteClient,
} from './client.ts';
export * from './errors.ts';
export type { ApiEvent, KeptAnswer } from './events.ts';
export { type Feature, supports } from './features.ts';
export type { ApiHeaders } from './headers.ts';
export type { CallOptions, ConditionalCallOptions, PageQuery, PagesOptions } from './operation.ts';
export type { BotFilters } from './operations/bots.ts';
export type { ChannelFilters } from './operations/channels.ts';
export type { Credentials, LoginSwitch } from './operations/login.ts';
export type { ReportFilters, ReportQuery } from './operations/reports.ts';
export type { Device } from './operations/sessions.ts';
export type { TeamMemberFilters } from './operations/teams.ts';
export type { TokenRequest, TokenRotation } from './operations/tokens.ts';
export type { AutocompleteQuery, StatsFilters, UserFilters } from './operations/user-reads.ts';
export type { AuthChange, CreateOptions, PasswordChange } from './operations/user-writes.ts';
export { type Operations, operations } from './operations.ts';
export { type ProxyEnvironment, resolveProxy } from './proxy.ts';
export type { RateLimit } from './rate-limit.ts';
export { systemClock } from './system-clock.ts';
export type * from './wire.ts';
