/** What commands have in common that work on all servers of muster.yaml: one line for each, what there is to say below. */
import type { OnServer } from '../app/fleet.ts';
import type { AppPorts } from '../app/ports.ts';
import { errorJson } from '../report/error-json.ts';
import { errorLine, type FleetLine, fleetHeading, fleetTable } from '../report/fleet-text.ts';
import { printable } from '../report/printable.ts';
import { errorText } from '../report/problems-text.ts';
import type { Redaction } from '../report/redact-plan.ts';
import { codeOfError, type ExitCode, exitCodes, mostSerious } from './exit-codes.ts';
import { printJson, type Session } from './session.ts';

/** How a command shows what became of one server. */
export interface FleetView<Result> {
  line(name: string, result: Result): FleetLine;
  /** With the address of the server; absent: the line says everything. */
  details(name: string, result: Result): { readonly url?: string; readonly text: string } | undefined;
  json(name: string, result: Result): object;
  code(result: Result): ExitCode;
}

/** Of servers side by side only warnings are told, with the name; how many are over shows on a terminal. */
export function fleetPorts(
  { ports, io, paintErr }: Session,
  redactions: ReadonlyMap<string, Pick<Redaction, 'text'>> = new Map(),
): AppPorts {
  return {
    ...ports,
    emit: (event) => {
      if (event.type !== 'warning') return;
      const name = event.server?.name ?? '';
      const text = redactions.get(name)?.text(event.text) ?? event.text;
      io.stderr.write(`${paintErr('yellow', 'warning')} ${printable(name === '' ? text : `${name}: ${text}`)}\n`);
    },
  };
}

/** Shows on a terminal how many servers are over. */
export function countServers({ io }: Session, total: number): { readonly told: () => void; readonly end: () => void } {
  let over = 0;
  const show = (text: string): void => {
    if (io.stderr.isTTY) io.stderr.write(`\r\u001b[2K${text}`);
  };
  return {
    told: () => {
      over += 1;
      show(`${over} of ${total} servers`);
    },
    end: () => show(''),
  };
}

/** @returns the most serious exit code of all servers */
export function reportFleet<Result>(
  ended: readonly OnServer<Result>[],
  view: FleetView<Result>,
  format: 'text' | 'json',
  session: Session,
): ExitCode {
  const codes = ended.map((one) => ('error' in one ? codeOf(one.error, session) : view.code(one.result)));
  if (format === 'json') {
    const servers = ended.map((one, i) => ({
      name: one.name,
      exit_code: codes[i],
      ...('error' in one ? errorJson(one.error) : view.json(one.name, one.result)),
    }));
    printJson(session.io, { servers });
  } else session.io.stdout.write(fleetText(ended, view, session));
  return mostSerious(codes);
}

/** What an interrupt ended is no failure of the server. */
const codeOf = (error: unknown, { io }: Session): ExitCode =>
  io.signal.aborted ? exitCodes.interrupted : codeOfError(error);

function fleetText<Result>(ended: readonly OnServer<Result>[], view: FleetView<Result>, { paint }: Session): string {
  const lines = ended.map((one) => ('error' in one ? errorLine(one.name, one.error) : view.line(one.name, one.result)));
  const details = ended.flatMap((one) => {
    if ('error' in one) return [fleetHeading(one.name, undefined, paint), errorText(one.error, paint)];
    const found = view.details(one.name, one.result);
    return found === undefined ? [] : [fleetHeading(one.name, found.url, paint), found.text];
  });
  return [fleetTable(lines, paint), ...details].join('');
}
