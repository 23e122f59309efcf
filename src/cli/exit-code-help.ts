import type { ExitCode } from './exit-codes.ts';

/** What each code means, for help and man page. */
export const exitCodeTexts: Readonly<Record<ExitCode, string>> = {
  0: 'done, or nothing to do',
  1: 'a bug, or this machine failed (disk, memory)',
  2: 'there are changes (only with --detailed-exitcode)',
  3: 'the input is wrong: command line, files, entries, secrets',
  4: 'a rail blocks a change',
  5: 'the server cannot be read: down, no access, incomplete',
  6: 'tried, and something failed or had changed since the plan',
  7: 'the plan file is refused',
  8: 'another run holds the lock',
  9: 'findings at or above --fail-on, or revoked grants still there',
  10: 'a journal or evidence was tampered with',
  130: 'interrupted, or declined',
};

export const exitCodeHelp: string = [
  'Exit codes:',
  ...Object.entries(exitCodeTexts).map(([code, text]) => `  ${code.padEnd(3)}  ${text}`),
].join('\n');
