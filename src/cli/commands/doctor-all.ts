import type { Check } from '../../app/check.ts';
import { doctor } from '../../app/doctor.ts';
import { defaultParallel, fleetNames, onEach } from '../../app/fleet.ts';
import { Slots } from '../../app/slots.ts';
import { checksText } from '../../report/checks-text.ts';
import { fitText } from '../../report/fit-text.ts';
import { count } from '../../report/values.ts';
import { codeOfChecks, doctorOptions } from '../doctor-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import { countServers, type FleetView, fleetPorts, reportFleet } from '../fleet.ts';
import type { CliIo } from '../io.ts';
import { type DoctorFlags, inputOptions } from '../options.ts';
import { layoutFor, openSession, type Session } from '../session.ts';

/** Looks at all servers. */
export async function doctorAllCommand(flags: DoctorFlags, io: CliIo): Promise<ExitCode> {
  const session = openSession(io);
  const names = await fleetNames(inputOptions(flags), session.ports);
  const progress = countServers(session, names.length);
  const options = doctorOptions(flags, io);
  const ports = fleetPorts(session);
  const slots = new Slots(flags.parallel ?? defaultParallel);
  const ended = await onEach(names, slots, (server) => doctor({ ...options, server }, ports), progress.told);
  progress.end();
  return reportFleet(ended, viewFor(flags, session), flags.format, session);
}

function viewFor({ verbose = false }: DoctorFlags, { io, paint }: Session): FleetView<readonly Check[]> {
  return {
    line: (name, checks) => {
      const of = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
      const server = checks.find((check) => check.name === 'server')?.text ?? '';
      const [bad, notes] = [of('bad'), of('note')];
      const text = [server, ...(notes > 0 ? [count(notes, 'note')] : [])].join('; ');
      if (bad > 0) return { name, word: 'bad', colour: 'red', text };
      return notes > 0 ? { name, word: 'note', colour: 'yellow', text } : { name, word: 'ok', colour: 'green', text };
    },
    details: (_, checks) => {
      const told = verbose ? checks : checks.filter(({ status }) => status !== 'ok');
      return told.length === 0 ? undefined : { text: fitText(checksText(told, paint), layoutFor(io.stdout)) };
    },
    json: (_, checks) => ({ checks }),
    code: codeOfChecks,
  };
}
