import { say } from './messages/message.ts';
import { MusterError } from './muster-error.ts';

/** What a system says of its disks, rights and limits. It is no fault of the program that asked. */
const refusals: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
  'ESTALE',
]);

class MachineFailedError extends MusterError {
  override readonly name = 'MachineFailedError';

  constructor(cause: Error) {
    super(say('MACHINE_FAILED', { what: cause.message }), { cause });
  }
}

/** The error as it is told: what this machine refused is called so, and not a bug. */
export function asTold(error: unknown): unknown {
  const isRefusal = error instanceof Error && 'syscall' in error && 'code' in error && refusals.has(error.code);
  return isRefusal && !(error instanceof MusterError) ? new MachineFailedError(error) : error;
}
