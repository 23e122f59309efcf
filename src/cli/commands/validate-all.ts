import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import { Slots } from '../../app/slots.ts';
import { type Validated, validate } from '../../app/validate.ts';
import { annotationsOfComparison } from '../../report/annotations.ts';
import { comparisonLines } from '../../report/comparison.ts';
import { differencesIn } from '../../report/fleet-text.ts';
import type { Paint } from '../../report/paint.ts';
import { validationMarkdown, validationSums } from '../../report/validation.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { fleetPorts, type PipelineView, reportFleetAs } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import { inputOptions, type ValidateFlags } from '../options.ts';
import { openSession } from '../session.ts';

/** The files of all servers. */
export async function validateAllCommand(flags: ValidateFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const options = inputOptions(flags);
  const names = await fleetNames(options, session.ports);
  const ports = fleetPorts(session);
  const ended = await onEach(names, new Slots(defaultParallel), (server) => validate({ ...options, server }, ports));
  return reportFleetAs(ended, viewFor(session.paint), flags.format, session);
}

const viewFor = (paint: Paint): PipelineView<Validated> => ({
  about: 'muster validate',
  line: (name, { users, files, compared }) => {
    const sums = validationSums({ people: users.length, files });
    const differences = differencesIn(compared);
    const text = differences === 0 ? sums : `${sums}, ${differences} settings or entries not as in the base`;
    return { name, word: 'valid', colour: 'green', text };
  },
  details: (_, { compared }) =>
    differencesIn(compared) === 0 ? undefined : { text: `${comparisonLines(compared, paint).join('\n')}\n` },
  json: (_, { users, files, digest, compared }) => ({
    people: users.length,
    files,
    digest,
    ...(compared !== undefined && { compared }),
  }),
  markdown: (_, { users, files, compared }, part) =>
    differencesIn(compared) === 0 ? undefined : validationMarkdown({ people: users.length, files, compared }, part),
  annotations: (_, { compared }) =>
    differencesIn(compared) === 0 ? [] : annotationsOfComparison(compared, 'muster validate'),
  code: () => exitCodes.done,
});
