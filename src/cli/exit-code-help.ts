export const exitCodeHelp = `Exit codes:
  0    done, or nothing to do          5    server not readable: down, no access, incomplete
  1    bug, or local I/O failed        6    tried, and something failed or went stale
  2    changes (--detailed-exitcode)   7    plan file refused
  3    input: usage, files, identity   8    another run holds the lock
  4    blocked by a rail               10   a journal was tampered with
  9    findings, grants still there    130  interrupted, or declined`;
