/** What a pull request adds to the approvals and waivers, and what it takes away. Pure. */
import type { Approval } from '../model/approval.ts';
import type { Waiver } from '../model/audit.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { PlanValue, SettingDifference } from '../model/plan.ts';

/** What an approval says, whatever line it stands on. */
function contentOf({ class: name, reason, by, expires, users, changes }: Approval): PlanValue {
  return {
    class: name,
    reason,
    by,
    expires,
    ...(users !== undefined && { users: [...users].toSorted() }),
    ...(changes !== undefined && { changes }),
  };
}

/** Equal for approvals that say the same. */
export const approvalKey = (approval: Approval): string => canonicalJson(contentOf(approval));

/** An approval that was edited is another one: the old one goes, the new one comes. */
export function compareApprovals(base: readonly Approval[], own: readonly Approval[]): readonly SettingDifference[] {
  const inBase = new Set(base.map(approvalKey));
  const inOwn = new Set(own.map(approvalKey));
  return [
    ...base
      .filter((approval) => !inOwn.has(approvalKey(approval)))
      .map((approval) => ({ ...placeOf(approval), before: contentOf(approval) })),
    ...own
      .filter((approval) => !inBase.has(approvalKey(approval)))
      .map((approval) => ({ ...placeOf(approval), after: contentOf(approval) })),
  ];
}

const placeOf = ({ at }: Approval): SettingDifference => ({ field: 'approval', file: at.file, line: at.line });

const waiverContent = ({ rule, users, reason, by, expires }: Waiver): PlanValue => ({
  rule,
  users: [...users].toSorted(),
  reason,
  by,
  expires,
});

/** The same of waivers, which decide what an audit tells. */
export function compareWaivers(base: readonly Waiver[], own: readonly Waiver[]): readonly SettingDifference[] {
  const [inBase, inOwn] = [new Set(base.map(waiverKey)), new Set(own.map(waiverKey))];
  return [
    ...base
      .filter((waiver) => !inOwn.has(waiverKey(waiver)))
      .map((waiver) => ({ ...placeOfWaiver(waiver), before: waiverContent(waiver) })),
    ...own
      .filter((waiver) => !inBase.has(waiverKey(waiver)))
      .map((waiver) => ({ ...placeOfWaiver(waiver), after: waiverContent(waiver) })),
  ];
}

const waiverKey = (waiver: Waiver): string => canonicalJson(waiverContent(waiver));

const placeOfWaiver = ({ at }: Waiver): SettingDifference => ({ field: 'waiver', file: at.file, line: at.line });

/** Says of each approval whether the base has it; those that it has come first, so that they lift where both could. */
export function standingsOf(own: readonly Approval[], baseKeys: ReadonlySet<string>): readonly Approval[] {
  const marked = own.map((approval): Approval => {
    return { ...approval, standing: baseKeys.has(approvalKey(approval)) ? 'base' : 'pull-request' };
  });
  return marked.toSorted((a, b) => Number(a.standing !== 'base') - Number(b.standing !== 'base'));
}

/** For an apply: what is not in the base lifts nothing yet. */
export function believeBaseAlone(approvals: readonly Approval[]): readonly Approval[] {
  return approvals.map((approval) =>
    approval.standing === 'pull-request' && approval.state === 'valid'
      ? { ...approval, state: 'not-in-base' }
      : approval,
  );
}
