/** What a reviewer of a plan has to see, as SARIF 2.1.0: code scanning shows it at its line, where it is switched on. */
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { digestOf } from '../model/canonical-json.ts';
import type { Plan } from '../model/plan.ts';
import { differenceName, differenceText } from './comparison.ts';
import { jsonText } from './json-text.ts';
import { planRows } from './plan-rows.ts';
import { artifactOf, dead, sarifSchema } from './sarif-parts.ts';

type Level = 'error' | 'warning' | 'note';

interface Rule {
  readonly level: Level;
  readonly title: string;
}

/** Changes that go through by themselves are no findings: the plan itself shows them. */
const rules: Readonly<Record<'unusable' | 'blocked' | 'settings' | 'administrators', Rule>> = {
  unusable: { level: 'error', title: 'An entry cannot be used, and its person is left alone' },
  blocked: { level: 'warning', title: 'A change is blocked by a safety rule' },
  settings: { level: 'warning', title: 'Policy, sinks, sources or approvals differ from the base' },
  administrators: { level: 'note', title: 'A change concerns administration' },
};
type RuleName = keyof typeof rules;

interface Found {
  readonly rule: RuleName;
  readonly text: string;
  readonly at?: { readonly file: string; readonly line: number };
}

export function planSarif(plan: Plan): string {
  const found = [...differences(plan), ...changes(plan)];
  const log: Log = {
    $schema: sarifSchema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'muster', version: plan.tool.version, rules: Object.entries(rules).map(descriptorOf) },
        },
        columnKind: 'utf16CodeUnits',
        automationDetails: { id: 'muster-plan/' },
        results: found.map(resultOf),
      },
    ],
  };
  return jsonText(log);
}

function changes(plan: Plan): readonly Found[] {
  return planRows(plan).flatMap(({ state, isAdmin, person, what, difference, why, todo, at }): readonly Found[] => {
    const rule: RuleName | undefined =
      state === 'unusable' || state === 'blocked'
        ? state
        : (state === 'planned' || state === 'scheduled') && isAdmin
          ? 'administrators'
          : undefined;
    if (rule === undefined) return [];
    const parts = [difference, why, todo === '' ? '' : `→ ${todo}`].filter((part) => part !== '');
    return [{ rule, text: `${person}: ${what}: ${parts.join('; ')}`, ...(at !== undefined && { at }) }];
  });
}

const differences = ({ compared }: Plan): readonly Found[] =>
  (compared?.differences ?? []).map((one) => ({
    rule: 'settings',
    text: `${differenceName(one)}: ${differenceText(one)}`,
    ...(one.file !== undefined && { at: { file: one.file, line: one.line ?? 1 } }),
  }));

function descriptorOf([id, { level, title }]: readonly [string, Rule]): ReportingDescriptor {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: title },
    defaultConfiguration: { level },
    properties: { tags: ['access'], precision: 'high' },
  };
}

function resultOf({ rule, text, at }: Found): Result {
  return {
    ruleId: rule,
    ruleIndex: Object.keys(rules).indexOf(rule),
    level: rules[rule].level,
    message: { text: dead(text) },
    locations: [
      at === undefined
        ? { logicalLocations: [{ name: 'server', kind: 'server' }] }
        : { physicalLocation: { artifactLocation: artifactOf(at.file), region: { startLine: at.line } } },
    ],
    partialFingerprints: { 'musterPlan/v1': digestOf([rule, text]) },
  };
}
