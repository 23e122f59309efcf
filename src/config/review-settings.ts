import { resolve } from 'node:path';
import type { ConfigFile, PolicyFile } from '../model/generated/config-file.ts';
import type { OwnerRule, ReviewSettings } from '../model/review.ts';
import { normalizeUsername } from '../model/user-rules.ts';

/** `policy.review` with every default filled in. */
export function resolveReview(review: PolicyFile['review'] = {}): Pick<ReviewSettings, 'owners'> {
  return {
    owners: (review.owners ?? []).map(
      ({ owner, users = [], files = [] }): OwnerRule => ({ owner, users: users.map(normalizeUsername), files }),
    ),
  };
}

/** @param configDir - absolute; reviews lie in a folder below it */
export function resolveReviews({ policy = {} }: Pick<ConfigFile, 'policy'>, configDir: string): ReviewSettings {
  return { ...resolveReview(policy.review), dir: resolve(configDir, 'reviews') };
}
