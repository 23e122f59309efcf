/** What many people have alike: roles and teams that an entry takes over by the name of a bundle. */
import type { BundleOrigin, Origin } from './desired-state.ts';
import type { BundleTeam } from './generated/bundles-file.ts';
import type { SourcePosition } from './problem.ts';

export interface Bundle {
  readonly name: string;
  readonly roles: readonly string[];
  readonly teams: readonly BundleTeam[];
  /** Where a part of it stands: `roles`, or `teams.core`, `teams.core/ops`; without a part, the bundle. */
  readonly at: (part?: string) => SourcePosition;
}

export type { BundleTeam };

export const shownOrigin = ({ bundle, file, line }: BundleOrigin): string => `bundle ${bundle} (${file}:${line})`;

/** Why a value is wanted, beside the line of the entry. */
export function declaredText({ from, file, bundles = [] }: Pick<Origin, 'from' | 'file' | 'bundles'>): string {
  const named = bundles.map(shownOrigin).join(', ');
  switch (from) {
    case 'defaults':
      return `defaults of ${file}`;
    case 'bundle':
      return `declared by ${named}`;
    case 'entry':
      return bundles.length === 0 ? 'declared' : `declared here and by ${named}`;
  }
}
