/** What a run ends with. Frozen: scripts and pipelines depend on it, and no output format changes it. */
export const exitCodes = {
  done: 0,
  bug: 1,
  changes: 2,
  input: 3,
  blocked: 4,
  unreadable: 5,
  failed: 6,
  planRefused: 7,
  locked: 8,
  /** Of an audit: at or above `--fail-on`; of a review: a revoked grant that is still there. */
  findings: 9,
  tampered: 10,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitName];
