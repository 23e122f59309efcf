import { audit } from '../../app/audit.ts';
import { isAtLeast } from '../../model/audit-rules.ts';
import { auditText } from '../../report/audit-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type AuditFlags, connectionOptions, inputOptions } from '../options.ts';
import { openSession, printJson } from '../session.ts';

export async function auditCommand(flags: AuditFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const report = await audit({ ...inputOptions(flags), ...connectionOptions(flags) }, session.ports);
    session.endProgress();
    if (flags.format === 'json') printJson(io, report);
    else io.stdout.write(auditText(report, session.paint));
    const { failOn } = flags;
    const open = report.findings.filter(({ waived }) => waived === undefined);
    const isBad = failOn !== undefined && open.some(({ severity }) => isAtLeast(severity, failOn));
    return isBad ? exitCodes.findings : exitCodes.done;
  } finally {
    session.endProgress();
  }
}
