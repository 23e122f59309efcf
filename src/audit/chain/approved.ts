/**
 * Who approved the commit that declared a person, as far as git proves it: the person who merged it or signed it, other than its
 * author and the person whom it concerns. Pure.
 */
import { singleSigner, type ToldCommit, type TrustedKeys } from '../../model/authorship.ts';
import type { ChainStep } from '../../model/generated/chain-report.ts';
import { type Approver, type Identity, identityOf, isKnownAs } from '../../model/identity.ts';

interface CommitOfBranch extends ToldCommit {
  readonly committer: { readonly name: string; readonly email: string; readonly at: string };
}

export interface ApprovedFacts {
  /** Brought the line. */
  readonly declared: CommitOfBranch;
  /** Brought that commit into the branch: a merge, or the same. */
  readonly arrival: CommitOfBranch;
  readonly trusted: TrustedKeys;
  readonly approvers: readonly Approver[];
  /** By which the person is known whom it concerns. */
  readonly names: readonly string[];
}

/** A person who is proven. */
interface Proven {
  readonly by: string;
  readonly identity: Identity;
}

export function approvedStep(facts: ApprovedFacts): ChainStep {
  const { declared, arrival, names } = facts;
  const isMerge = arrival.hash !== declared.hash;
  const told = {
    step: 'approved',
    at: arrival.committer.at,
    commit: arrival.hash,
    signature: arrival.signature.state,
  } as const;
  const proven = provenIn(facts, isMerge);
  if (proven === undefined) {
    const by = isMerge ? { by: personText(arrival.author) } : {};
    return { ...told, ...by, state: 'unknown', text: whyUnknown(facts, isMerge) };
  }
  const shared = { ...told, by: proven.by };
  const how = isMerge ? 'merged' : 'signed';
  const authors = isMerge ? [declared.author.email, declared.committer.email] : [declared.author.email];
  if (isKnownAs(proven.identity, names))
    return { ...shared, state: 'unknown', text: `${how} by the person whom it concerns: that is no approval` };
  if (isKnownAs(proven.identity, authors))
    return { ...shared, state: 'unknown', text: `${how} by its author: another person’s approval is not in git` };
  const isAuthorProven = trustedKey(declared) !== undefined;
  return { ...shared, state: 'proven', text: isAuthorProven || !isMerge ? how : `${how}; nothing proves its author` };
}

/** A key of an approver names them; the forge's names the author of a merge, and of a commit without one only who wrote it. */
function provenIn({ arrival, trusted, approvers }: ApprovedFacts, isMerge: boolean): Proven | undefined {
  const key = trustedKey(arrival);
  const signer = key === undefined ? undefined : singleSigner(key, trusted);
  if (signer !== undefined) return { by: signer, identity: identityOf(signer, approvers) };
  if (key === undefined || !isMerge || !trusted.merges.has(key)) return undefined;
  const identity = identityOf(arrival.author.email, approvers);
  return { by: personText(arrival.author), identity };
}

function whyUnknown({ declared, arrival, trusted }: ApprovedFacts, isMerge: boolean): string {
  const key = trustedKey(arrival);
  if (key !== undefined && trusted.merges.has(key))
    return 'merged by the forge, as one commit that names its author alone';
  const { state, why } = arrival.signature;
  const unproven = state === 'unsigned' ? 'it has no signature' : (why ?? 'its key is not one of one person');
  if (isMerge) return `merged, and nothing proves by whom: ${unproven}`;
  const isByAuthor = declared.author.email === declared.committer.email;
  const by = isByAuthor ? 'its author' : personText(declared.committer);
  return `committed by ${by}, without a merge, and nothing proves an approval: ${unproven}`;
}

const trustedKey = ({ signature }: CommitOfBranch): string | undefined =>
  signature.state === 'verified' ? signature.key : undefined;

const personText = ({ name, email }: { readonly name: string; readonly email: string }): string => `${name} <${email}>`;
