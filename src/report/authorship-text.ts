import { type Authorship, authorshipRows } from '../model/authorship.ts';
import type { Plan } from '../model/plan.ts';

/** Such as `signed, commit 1f2e3d4c by Ada <ada@example.com>`; empty where git was not asked. */
export function authorshipText(authorship: Authorship | undefined): string {
  if (authorship === undefined) return '';
  const { status, commit, author, why } = authorship;
  const parts = [
    authorshipRows[status].text,
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 8)} by ${author ?? 'no one'}`]),
    ...(why === undefined ? [] : [why]),
  ];
  return parts.join(', ');
}

/** By whom, until when, what and why, after `approved`. Not printable yet. */
export function approvalText(approval: NonNullable<Plan['approvals']>[number]): string {
  const { class: name, by, reason, expires, lifted, authorship } = approval;
  const told = authorship === undefined ? '' : `; ${authorshipText(authorship)}`;
  return `by ${by} until ${expires}: ${name} over its budget by ${lifted} (${reason})${told}`;
}
