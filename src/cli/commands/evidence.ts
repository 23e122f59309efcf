import { resolve } from 'node:path';
import { evidence } from '../../app/evidence.ts';
import { verifyEvidence } from '../../app/verify-evidence.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { packedText, verifiedEvidenceText } from '../../report/evidence-text.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, type EvidenceFlags, inputOptions, sinceMs, type VerifyEvidenceFlags } from '../options.ts';
import { evidencePrinters } from '../render-evidence.ts';
import { openSession, printJson, printText } from '../session.ts';

export async function evidenceCommand(flags: EvidenceFlags, io: CliIo): Promise<ExitCode> {
  const { format, out, since, until, signKey, stateDir } = flags;
  if (out === undefined) throw noFolder();
  const session = openSession(io);
  try {
    const packed = await evidence(
      {
        ...inputOptions(flags),
        ...connectionOptions(flags),
        out,
        print: evidencePrinters,
        ...(since !== undefined && { sinceMs: sinceMs(since, session.ports.clock.now()) }),
        ...(until !== undefined && { untilMs: until }),
        ...(signKey !== undefined && { signKey }),
        ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
      },
      session.ports,
    );
    session.endProgress();
    if (format === 'json') printJson(io, packed);
    else printText(io.stdout, packedText(packed, session.paint));
    return exitCodes.done;
  } finally {
    session.endProgress();
  }
}

const noFolder = (): InputError => new InputError([refuse('no-out', {})]);

export async function verifyEvidenceCommand(dir: string, flags: VerifyEvidenceFlags, io: CliIo): Promise<ExitCode> {
  const { paint } = openSession(io);
  const { allowedSigners } = flags;
  const checked = await verifyEvidence({ dir, ...(allowedSigners !== undefined && { allowedSigners }) }, io);
  if (flags.format === 'json') printJson(io, checked);
  else printText(io.stdout, verifiedEvidenceText(checked, paint));
  return checked.flaws.length > 0 ? exitCodes.tampered : exitCodes.done;
}
