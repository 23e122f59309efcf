import { access, constants } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { writeWholeFile } from '../disk/durable-files.ts';
import { say, type WhatOfError } from '../model/messages/message.ts';
import { MusterError } from '../model/muster-error.ts';
import { systemCodeOf } from '../model/system-error.ts';
import type { AppPorts } from './ports.ts';

export class ReportNotWrittenError extends MusterError {
  override readonly name = 'ReportNotWrittenError';

  constructor(what: WhatOfError<'REPORT_NOT_WRITTEN'>, options?: ErrorOptions) {
    super(say('REPORT_NOT_WRITTEN', what), options);
  }
}

type Place = Pick<AppPorts, 'workingDir'>;

/**
 * Before the long work of which the report is the end: whether it can be written at all.
 *
 * @throws {ReportNotWrittenError}
 */
export async function checkReportPlace(path: string, { workingDir }: Place): Promise<void> {
  await access(dirname(resolve(workingDir, path)), constants.W_OK).catch((error: unknown) => {
    throw notWritten(path, error);
  });
}

/**
 * Writes a report whole, for its owner alone, in place of an older one.
 *
 * @throws {ReportNotWrittenError}
 */
export async function writeReport(path: string, text: string, { workingDir }: Place): Promise<void> {
  const target = resolve(workingDir, path);
  const name = basename(target);
  try {
    // Two processes may write the same file: each has a draft of its own.
    await writeWholeFile(dirname(target), name, text, `${name}.${process.pid}.tmp`);
  } catch (error) {
    throw notWritten(path, error);
  }
}

const notWritten = (path: string, cause: unknown): ReportNotWrittenError =>
  new ReportNotWrittenError({ is: 'report', path, why: systemCodeOf(cause) }, { cause });
