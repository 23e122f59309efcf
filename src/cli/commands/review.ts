import { resolve } from 'node:path';
import { type ReviewOptions, reviewStatus, verifyReview } from '../../app/review.ts';
import { closeReview } from '../../app/review-close.ts';
import { openReview } from '../../app/review-open.ts';
import { jsonText } from '../../report/json-text.ts';
import { closedText, openedText, reviewStatusText, verifiedReviewText } from '../../report/review-text.ts';
import { reviewYaml } from '../../report/review-yaml.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { connectionOptions, inputOptions, type ReviewCloseFlags, type ReviewFlags } from '../options.ts';
import { openSession, printJson, printText, type Session } from '../session.ts';

export function reviewOpenCommand(name: string, flags: ReviewFlags, io: CliIo): Promise<ExitCode> {
  const { stateDir } = flags;
  return answer(flags, io, async ({ ports, paint }) => {
    const { manifest, folder } = await openReview(
      {
        ...optionsOf(name, flags),
        print: { file: reviewYaml, manifest: jsonText },
        ...(stateDir !== undefined && { stateDir: resolve(io.workingDir, stateDir) }),
      },
      ports,
    );
    const { review, opened, digest, completeness, population, owners } = manifest;
    const value = { folder, review, opened, digest, completeness, population, owners };
    return { value, text: openedText(manifest, folder, paint) };
  });
}

export function reviewStatusCommand(name: string, flags: ReviewFlags, io: CliIo): Promise<ExitCode> {
  return answer(flags, io, async ({ ports, paint }) => {
    const value = await reviewStatus(optionsOf(name, flags), ports);
    return { value, text: reviewStatusText(value, paint) };
  });
}

export function reviewCloseCommand(name: string, flags: ReviewCloseFlags, io: CliIo): Promise<ExitCode> {
  const { digest } = flags;
  return answer(flags, io, async ({ ports, paint }) => {
    const options = { ...optionsOf(name, flags), print: jsonText, ...(digest !== undefined && { digest }) };
    const value = await closeReview(options, ports);
    return { value, text: closedText(value, paint) };
  });
}

export function reviewVerifyCommand(name: string, flags: ReviewFlags, io: CliIo): Promise<ExitCode> {
  return answer(flags, io, async ({ ports, paint }) => {
    const value = await verifyReview(optionsOf(name, flags), ports);
    const code = value.counts.still_there > 0 ? exitCodes.findings : exitCodes.done;
    return { value, text: verifiedReviewText(value, paint), code };
  });
}

const optionsOf = (name: string, flags: ReviewFlags): ReviewOptions => ({
  name,
  ...inputOptions(flags),
  ...connectionOptions(flags),
});

interface Answer {
  readonly value: unknown;
  readonly text: string;
  readonly code?: ExitCode;
}

async function answer(
  { format }: ReviewFlags,
  io: CliIo,
  work: (session: Session) => Promise<Answer>,
): Promise<ExitCode> {
  const session = openSession(io);
  try {
    const { value, text, code = exitCodes.done } = await work(session);
    session.endProgress();
    if (format === 'json') printJson(io, value);
    else printText(io.stdout, text);
    return code;
  } finally {
    session.endProgress();
  }
}
