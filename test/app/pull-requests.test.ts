/** A few of the pull requests that the long suite tries by the thousand: on most of them a plan once kept something back. */
import { expect, test } from 'vitest';
import { mergePullRequest } from './support/pull-request.ts';

const seeds = [5, 43];

test.each(seeds)(
  'what applies write within 30 days after a merge stands in the plan of the pull request, or is blocked there: %i',
  async (seed) => {
    const { unseen, later } = await mergePullRequest(seed);

    expect(unseen).toEqual([]);
    expect(later).toBeGreaterThan(0);
  },
);
