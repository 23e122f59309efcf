/** Slips of the pen in the maps that the server stores as they are: near something known an error, else a notice. */

import { type SettingsMap, type UnknownSetting, unknownSettings } from '../../model/known-settings.ts';
import { note } from '../../model/messages/notice-rows.ts';
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

export interface SettingFindings {
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

const nothingFound: SettingFindings = { problems: [], notices: [] };

/** Of what the entry wants and the account does not have yet. */
export function checkSettings(person: Person, context: PlanContext): SettingFindings {
  const { desired, live } = person;
  if (desired.values.notify_props === undefined && desired.values.timezone === undefined) return nothingFound;
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  for (const map of ['notify_props', 'timezone'] satisfies readonly SettingsMap[]) {
    for (const unknown of unknownSettings(map, desired.values[map] ?? {}, live.user?.values[map])) {
      const name = `${map}.${unknown.key}`;
      const near = suggest(unknown.value ?? unknown.key, unknown.expected, maxSlips);
      const what = { setting: name, username: desired.username };
      if (near === undefined) notices.push(noticeOf(desired.username, name, unknown));
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

function noticeOf(person: string, setting: string, { value, expected }: UnknownSetting): Notice {
  const what = { setting, username: person };
  const known =
    expected.length > maxNamed ? ({ is: 'many' } as const) : ({ is: 'known', known: expected.join(', ') } as const);
  const text =
    value === undefined
      ? note('setting-not-known', { ...what, ...known })
      : note('setting-value-not-known', { ...what, ...known, value: JSON.stringify(value) });
  return { ...text, person };
}
