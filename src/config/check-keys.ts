/** What the schema cannot say of the public keys in muster.yaml. */
import type { ConfigFile, PolicyFile, ReconcileFile } from '../model/generated/config-file.ts';
import { refuse } from '../model/messages/problems.ts';
import { publicKeyOf } from '../model/public-keys.ts';
import type { SourcePath } from '../source/node-index.ts';
import type { Flaw } from './check-zone.ts';

export function flawsOfKeys({ approvers = {}, policy, reconcile, servers = {} }: ConfigFile): readonly Flaw[] {
  return [
    ...Object.entries(approvers).flatMap(([name, { keys = [] }]) => unreadable(keys, ['approvers', name, 'keys'])),
    ...flawsOfPolicy(policy, []),
    ...flawsOfGit(reconcile, []),
    ...Object.entries(servers).flatMap(([name, one]) => [
      ...flawsOfPolicy(one.policy, ['servers', name]),
      ...flawsOfGit(one.reconcile, ['servers', name]),
    ]),
  ];
}

const flawsOfPolicy = (policy: PolicyFile | undefined, path: SourcePath): readonly Flaw[] =>
  unreadable(policy?.approvals?.trusted_merge_keys ?? [], [...path, 'policy', 'approvals', 'trusted_merge_keys']);

const flawsOfGit = (reconcile: ReconcileFile | undefined, path: SourcePath): readonly Flaw[] =>
  unreadable(reconcile?.git?.signed_by ?? [], [...path, 'reconcile', 'git', 'signed_by']);

const unreadable = (keys: readonly string[], path: SourcePath): readonly Flaw[] =>
  keys.flatMap((key, i) =>
    publicKeyOf(key) === undefined ? [{ path: [...path, i], ...refuse('wrong-value', { is: 'public-key' }) }] : [],
  );
