import type { RequestRecord, SandboxConfig } from '../../../src/sandbox/index.ts';

export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface LimiterUse {
  /** What was let through, as a share of what would have been until the last of it came; 0 to 1. */
  readonly share: number;
  readonly refused: number;
}

/** The switches of a server that limits. */
export const limited = ({ perSecond, burst }: Limit): Partial<SandboxConfig> => ({
  'RateLimitSettings.Enable': true,
  'RateLimitSettings.PerSec': perSecond,
  'RateLimitSettings.MaxBurst': burst,
});

/** How well the limit was used by a server's requests, all of them in one bucket that was empty before. */
export function useOf(requests: readonly RequestRecord[], { perSecond, burst }: Limit): LimiterUse {
  const passed = requests.filter(({ status }) => status !== 429);
  const elapsedMs = (passed.at(-1)?.at ?? 0) - (passed[0]?.at ?? 0);
  // An idle bucket lets the burst and one more through.
  const permitted = burst + 1 + (elapsedMs / 1000) * perSecond;
  return { share: passed.length / permitted, refused: requests.length - passed.length };
}
