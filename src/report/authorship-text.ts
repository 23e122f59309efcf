import { type Authorship, authorshipRows } from '../model/authorship.ts';

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
