/**
 * muster as a library: the client, the steps of the main job, and the use cases that the command line is a thin skin
 * over. Nothing here prints or exits; progress comes as events, failures as `MusterError`s with stable codes. The
 * embedded server is `mattermuster/sandbox`.
 */
export * from './api/index.ts';
export { type ApplyOptions, type ApplyResult, apply } from './app/apply.ts';
export { type ApplyPlanFileOptions, applyPlan, applyPlanFile } from './app/apply-plan-file.ts';
export { type AuditOptions, audit } from './app/audit.ts';
export type { CarryOutOptions } from './app/carry-out.ts';
export type { Check } from './app/check.ts';
export { doctor } from './app/doctor.ts';
export { explain } from './app/explain.ts';
export { type Imported, type ImportOptions, importUsers } from './app/import-users.ts';
export { type StoryOptions, tellRuns, type VerifyOptions, verifyJournals } from './app/journals.ts';
export { loadSettings } from './app/load.ts';
export { type Planned, type PlanOptions, plan } from './app/plan.ts';
export { type AppPorts, type ConnectionOptions, defaultPorts, type InputOptions } from './app/ports.ts';
export { type ResumeOptions, resume } from './app/resume.ts';
export { readPlanFile, writePlanFile } from './app/show.ts';
export {
  type LiveReading,
  type MakePlanInput,
  makePlan,
  type ReadOptions,
  readLiveState,
} from './app/steps.ts';
export { planOfUndo, type UndoOptions, undo } from './app/undo.ts';
export { validate } from './app/validate.ts';
export type { Settings } from './config/settings.ts';
export { type LoadOptions, loadDesiredState } from './desired/load-desired-state.ts';
export { InsufficientVisibilityError, ReadNotCompleteError } from './live/errors.ts';
export type { Clock } from './model/clock.ts';
export type { DesiredState, DesiredToken, DesiredUser } from './model/desired-state.ts';
export type { Explanation } from './model/explanation.ts';
export type { AuditReport, Finding } from './model/generated/audit-report.ts';
export type { UserEntry, UsersFile } from './model/generated/users-file.ts';
export type { Coverage, LiveState, LiveToken, LiveUser, ServerFacts } from './model/live-state.ts';
export { type Blame, MusterError, ProgrammingError } from './model/muster-error.ts';
export type { FinishedAction, Outcome, RunResult } from './model/outcome.ts';
export type { Action, BlockedChange, Change, ChangeClass, HeldChange, Plan } from './model/plan.ts';
export { InputError, type Problem, type SourcePosition } from './model/problem.ts';
export type { EmitRunEvent, RunEvent } from './model/run-event.ts';
export type { RunStory } from './model/run-story.ts';
export type { RunSummary, ServerRuns } from './model/run-summary.ts';
export { Secret } from './model/secret.ts';
export type { Policy, SecretSettings } from './model/settings.ts';
export type { PlanResult } from './plan/make-plan.ts';
export { PlanFileRefusedError } from './plan/plan-file.ts';
export { planAnnotations } from './report/annotations.ts';
export { auditText } from './report/audit-text.ts';
export { explanationText } from './report/explanation-text.ts';
export { coloured, type Paint, plain } from './report/paint.ts';
export { planDiff } from './report/plan-diff.ts';
export { planMarkdown } from './report/plan-markdown.ts';
export { planText } from './report/plan-text.ts';
export { errorText } from './report/problems-text.ts';
export { redactPlan } from './report/redact-plan.ts';
export { CallerTokenError } from './secrets/errors.ts';
