/** Slips of the pen in the maps that the server stores as they are: near something known an error, else a notice. */

import { type SettingsMap, type UnknownSetting, unknownSettings } from '../../model/known-settings.ts';
import { refuse } from '../../model/messages/problems.ts';
import type { Notice } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Person, PlanContext } from '../../model/resource-definition.ts';
import { suggest } from '../../model/suggest.ts';

/** So many letters may be wrong in what is still meant as something known. */
const maxSlips = 2;
/** A longer list is not read. */
const maxNamed = 22;

type SlipCode = 'unknown-setting' | 'unknown-setting-value';
const slipCodes: Readonly<Record<SlipCode, true>> = { 'unknown-setting': true, 'unknown-setting-value': true };

/** Whether a problem is one of those that this file finds. */
export const isSlip = ({ code }: Problem): boolean => Object.hasOwn(slipCodes, code);

const codeOf = ({ value }: UnknownSetting): SlipCode =>
  value === undefined ? 'unknown-setting' : 'unknown-setting-value';

export interface SettingFindings {
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/** Of what the entry wants and the account does not have yet. */
export function checkSettings(person: Person, context: PlanContext): SettingFindings {
  const { desired, live } = person;
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  for (const map of ['notify_props', 'timezone'] satisfies readonly SettingsMap[]) {
    for (const unknown of unknownSettings(map, desired.values[map] ?? {}, live.user?.values[map])) {
      const name = `${map}.${unknown.key}`;
      const near = suggest(unknown.value ?? unknown.key, unknown.expected, maxSlips);
      const what = { setting: name, username: desired.username };
      if (near === undefined)
        notices.push(noticeOf(desired.username, unknown, `${name} of ${desired.username} ${flawText(unknown)}`));
      else {
        const { value } = unknown;
        const slip =
          value === undefined
            ? refuse('unknown-setting', { ...what, near })
            : refuse('unknown-setting-value', { ...what, value: JSON.stringify(value), near });
        problems.push({ ...slip, at: context.desired.locate(desired, map) });
      }
    }
  }
  return { problems, notices };
}

const flawText = ({ value }: UnknownSetting): string =>
  value === undefined ? 'is no setting that clients know' : `is ${JSON.stringify(value)}, which clients do not know`;

function noticeOf(person: string, unknown: UnknownSetting, what: string): Notice {
  const { expected } = unknown;
  return {
    code: codeOf(unknown),
    person,
    text: `${what}: the server stores it all the same`,
    hint: expected.length > maxNamed ? 'check the spelling' : `known: ${expected.join(', ')}`,
  };
}
