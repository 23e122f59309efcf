/** What a pull request changes of how muster works: muster.yaml field by field, defaults filled in. Pure. */
import { canonicalJson } from '../model/canonical-json.ts';
import type { SettingDifference } from '../model/plan.ts';
import { type ConfigSide, type Found, leavesOf } from './setting-fields.ts';

/** Every field of muster.yaml that does not have the same effect in both, in the order of their names. */
export function compareSettings(base: ConfigSide, own: ConfigSide): readonly SettingDifference[] {
  const before = leavesOf(base.config);
  const after = leavesOf(own.config);
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((field) => {
    const old = before.get(field);
    const now = after.get(field);
    return old?.leaf.compared === now?.leaf.compared ? [] : [differenceOf(field, old, now, base, own)];
  });
}

function differenceOf(
  field: string,
  old: Found | undefined,
  now: Found | undefined,
  base: ConfigSide,
  own: ConfigSide,
): SettingDifference {
  const path = now?.path ?? old?.path ?? [];
  const at = (own.positionOf ?? base.positionOf)?.(path);
  const areAlike = canonicalJson(old?.leaf.shown) === canonicalJson(now?.leaf.shown);
  return {
    field,
    ...(old !== undefined && { before: old.leaf.shown }),
    ...(now !== undefined && { after: areAlike ? `another ${path.at(-1) ?? 'one'}` : now.leaf.shown }),
    ...(at !== undefined && { file: at.file, line: at.line }),
  };
}
