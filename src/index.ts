/**
 * muster as a library: the client, the steps of the main job, and the use cases that the command line is a thin skin
 * over. Nothing here prints or exits; progress comes as events, failures as `MusterError`s with stable codes.
 */
export * from './api/index.ts';
export { type ApplyOptions, type ApplyResult, apply } from './app/apply.ts';
export { type ApplyPlanFileOptions, applyPlanFile } from './app/apply-plan-file.ts';
export type { Check } from './app/check.ts';
export { doctor } from './app/doctor.ts';
export { type Explanation, explain } from './app/explain.ts';
export { type Imported, importUsers } from './app/import-users.ts';
export { type Planned, type PlanOptions, plan } from './app/plan.ts';
export type { AppPorts, ConnectionOptions, InputOptions } from './app/ports.ts';
export { readPlanFile, writePlanFile } from './app/show.ts';
export { validate } from './app/validate.ts';
export { type ApplyOptions as ApplyPlanOptions, applyPlan } from './apply/apply-plan.ts';
export { type LoadOptions, loadDesiredState } from './desired/load-desired-state.ts';
export { InsufficientVisibilityError, ReadNotCompleteError } from './live/errors.ts';
export { readOwned } from './live/read-owned.ts';
export { readPeople } from './live/read-people.ts';
export type { ActionRunner, Attempt, CallResponse } from './model/action-runner.ts';
export type { Clock } from './model/clock.ts';
export type { DesiredState, DesiredToken, DesiredUser } from './model/desired-state.ts';
export type { LiveReader } from './model/live-reader.ts';
export type { Coverage, LiveState, LiveToken, LiveUser, ServerFacts } from './model/live-state.ts';
export { type Blame, MusterError } from './model/muster-error.ts';
export type { FinishedAction, Outcome, RunResult } from './model/outcome.ts';
export type { Action, BlockedChange, Change, ChangeClass, HeldChange, Plan } from './model/plan.ts';
export { InputError, type Problem, type SourcePosition } from './model/problem.ts';
export type { EmitRunEvent, RunEvent } from './model/run-event.ts';
export { Secret } from './model/secret.ts';
export type { Policy, SecretSettings } from './model/settings.ts';
export { makePlan, type PlanInput, type PlanResult } from './plan/make-plan.ts';
export { createActionRunner, createLiveReader, kinds } from './resources/index.ts';
