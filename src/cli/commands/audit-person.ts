import { resolve } from 'node:path';
import { auditPerson, type PersonAuditOptions } from '../../app/audit-person.ts';
import { isAtLeast } from '../../model/audit-rules.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, inputOptions, type PersonAuditFlags } from '../options.ts';
import { renderChain } from '../render-chain.ts';
import { openSession, printAs } from '../session.ts';

export async function auditPersonCommand(
  about: PersonAuditOptions['about'],
  user: string | undefined,
  { leftOn, sample, seed = '1', failOn, stateDir, format, ...flags }: PersonAuditFlags,
  io: CliIo,
): Promise<ExitCode> {
  if ((user === undefined) === (sample === undefined)) throw whom(about);
  if (leftOn !== undefined && user === undefined) throw whom(about);
  const session = openSession(io);
  try {
    const report = await auditPerson(
      {
        ...inputOptions(flags),
        ...connectionOptions(flags),
        about,
        ...(user !== undefined && { user }),
        ...(sample !== undefined && { sample: { size: sample, seed } }),
        ...(leftOn !== undefined && { leftOn }),
        ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
      },
      session.ports,
    );
    session.endProgress();
    printAs(format, io, renderChain(report, format, session.paint));
    const isBad = failOn !== undefined && report.late > 0 && isAtLeast(report.late_severity, failOn);
    return isBad ? exitCodes.findings : exitCodes.done;
  } finally {
    session.endProgress();
  }
}

const whom = (about: string): InputError => new InputError([refuse('whom-to-audit', { about })]);
