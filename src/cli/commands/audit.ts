import { audit } from '../../app/audit.ts';
import { checkReportPlace, writeReport } from '../../app/write-report.ts';
import { isAtLeast } from '../../model/audit-rules.ts';
import { findingsText, openFindings } from '../../report/audit-parts.ts';
import { plain } from '../../report/paint.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { type AuditFlags, connectionOptions, inputOptions, recordOptions } from '../options.ts';
import { renderAudit } from '../render-audit.ts';
import { openSession, printAs } from '../session.ts';

export async function auditCommand(flags: AuditFlags, io: CliIo): Promise<ExitCode> {
  const { format, redact = false, out, failOn } = flags;
  const session = openSession(io);
  try {
    if (out !== undefined) await checkReportPlace(out, session.ports);
    const report = await audit(
      { ...inputOptions(flags), ...connectionOptions(flags), ...recordOptions(flags, io) },
      session.ports,
    );
    session.endProgress();
    if (out === undefined) printAs(format, io, renderAudit(report, format, redact, session.paint));
    else {
      await writeReport(out, renderAudit(report, format, redact, plain), session.ports);
      io.stderr.write(`report written to ${out}: ${findingsText(report)}\n`);
    }
    const isBad = failOn !== undefined && openFindings(report).some(({ severity }) => isAtLeast(severity, failOn));
    return isBad ? exitCodes.findings : exitCodes.done;
  } finally {
    session.endProgress();
  }
}
