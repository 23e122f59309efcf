/** What commands have in common that work on all servers of muster.yaml: one line for each, what there is to say below. */
import type { OnServer } from '../app/fleet.ts';
import type { AppPorts } from '../app/ports.ts';
import { assertNever } from '../model/assert-never.ts';
import { type Annotation, annotationsOfError } from '../report/annotations.ts';
import { errorJson } from '../report/error-json.ts';
import { errorMarkdown } from '../report/error-markdown.ts';
import { fleetAnnotations, fleetMarkdown, type ServerComment } from '../report/fleet-comment.ts';
import { errorLine, type FleetLine, fleetHeading, fleetTable } from '../report/fleet-text.ts';
import type { CommentPart } from '../report/markdown-sections.ts';
import { printable } from '../report/printable.ts';
import { errorText } from '../report/problems-text.ts';
import type { Redaction } from '../report/redact-plan.ts';
import { requestText } from '../report/request-text.ts';
import { warningText } from '../report/warning-text.ts';
import { codeOfError, type ExitCode, exitCodes, mostSerious } from './exit-codes.ts';
import type { ReportFormat } from './options.ts';
import { printJson, type Session } from './session.ts';

/** How a command shows what became of one server. */
export interface FleetView<Result> {
  line(name: string, result: Result): FleetLine;
  /** With the address of the server; absent: the line says everything. */
  details(name: string, result: Result): { readonly url?: string; readonly text: string } | undefined;
  json(name: string, result: Result): object;
  code(result: Result): ExitCode;
}

/** The same for the people of a pull request. */
export interface PipelineView<Result> extends FleetView<Result> {
  /** The command, such as `muster plan`. */
  readonly about: string;
  /** Absent: the line says everything. */
  markdown(name: string, result: Result, part: CommentPart): string | undefined;
  annotations(name: string, result: Result): readonly Annotation[];
}

/** Of servers side by side warnings are told, and requests that are asked for, with the name; how many are over shows on a terminal. */
export function fleetPorts(
  { ports, io, paintErr }: Session,
  redactions: ReadonlyMap<string, Pick<Redaction, 'text'>> = new Map(),
): AppPorts {
  return {
    ...ports,
    emit: (event) => {
      const name = event.server?.name ?? '';
      const { requests = 'none' } = io;
      if (event.type === 'request' && requests !== 'none')
        io.stderr.write(`${paintErr('dim', `${printable(name)}: ${requestText(event, requests)}`)}\n`);
      if (event.type !== 'warning') return;
      const text = redactions.get(name)?.text(event.text) ?? event.text;
      const told = warningText({ ...event, text: name === '' ? text : `${name}: ${text}` });
      io.stderr.write(`${paintErr('yellow', 'warning')} ${told}\n`);
    },
  };
}

/** Shows on a terminal how many servers are over. */
export function countServers({ io }: Session, total: number): { readonly told: () => void; readonly end: () => void } {
  let over = 0;
  const show = (text: string): void => {
    if (io.stderr.isTTY && io.env['TERM'] !== 'dumb') io.stderr.write(`\r\u001b[2K${text}`);
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
  const codes = codesOf(ended, view, session);
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

/** The same in every format that a pipeline takes. */
export function reportFleetAs<Result>(
  ended: readonly OnServer<Result>[],
  view: PipelineView<Result>,
  format: ReportFormat,
  session: Session,
): ExitCode {
  switch (format) {
    case 'text':
    case 'json':
      return reportFleet(ended, view, format, session);
    case 'markdown':
      session.io.stdout.write(
        fleetMarkdown(
          view.about,
          ended.map((one) => commentOf(one, view)),
        ),
      );
      break;
    case 'github':
      session.io.stdout.write(
        fleetAnnotations(
          view.about,
          ended.map((one) => ({
            line: lineOf(one, view),
            annotations: 'error' in one ? annotationsOfError(one.error) : view.annotations(one.name, one.result),
          })),
        ),
      );
      break;
    default:
      assertNever(format);
  }
  return mostSerious(codesOf(ended, view, session));
}

/** One diff of all: what is not part of it stands in its remarks. */
export function reportDiffs<Result>(
  ended: readonly OnServer<Result>[],
  view: FleetView<Result>,
  diffOf: (result: Result) => string,
  session: Session,
): ExitCode {
  const { paint, io } = session;
  const parts = ended.map((one) => {
    const { name } = one;
    const found = 'error' in one ? { text: remarks(errorText(one.error, paint)) } : view.details(name, one.result);
    if (found === undefined) return '';
    const { url } = { url: undefined, ...found };
    const text = 'error' in one ? found.text : diffOf(one.result);
    return `${remarks(fleetHeading(name, url, paint))}${text}`;
  });
  const lines = ended.map((one) => lineOf(one, view));
  io.stdout.write(`${remarks(fleetTable(lines, paint))}${parts.join('')}`);
  return mostSerious(codesOf(ended, view, session));
}

const remarks = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');

const codesOf = <Result>(
  ended: readonly OnServer<Result>[],
  view: FleetView<Result>,
  session: Session,
): readonly ExitCode[] => ended.map((one) => ('error' in one ? codeOf(one.error, session) : view.code(one.result)));

/** What an interrupt ended is no failure of the server. */
const codeOf = (error: unknown, { io }: Session): ExitCode =>
  io.signal.aborted ? exitCodes.interrupted : codeOfError(error);

const lineOf = <Result>(one: OnServer<Result>, view: FleetView<Result>): FleetLine =>
  'error' in one ? errorLine(one.name, one.error) : view.line(one.name, one.result);

function commentOf<Result>(one: OnServer<Result>, view: PipelineView<Result>): ServerComment {
  const line = lineOf(one, view);
  if ('error' in one) return { line, markdown: ({ heading }) => errorMarkdown(one.error, heading) };
  const { name, result } = one;
  // Looked at without a limit first: whether there is anything to say does not depend on the room.
  if (view.markdown(name, result, {}) === undefined) return { line };
  return { line, markdown: (part) => view.markdown(name, result, part) ?? '' };
}

function fleetText<Result>(ended: readonly OnServer<Result>[], view: FleetView<Result>, { paint }: Session): string {
  const details = ended.flatMap((one) => {
    if ('error' in one) return [fleetHeading(one.name, undefined, paint), errorText(one.error, paint)];
    const found = view.details(one.name, one.result);
    return found === undefined ? [] : [fleetHeading(one.name, found.url, paint), found.text];
  });
  return [
    fleetTable(
      ended.map((one) => lineOf(one, view)),
      paint,
    ),
    ...details,
  ].join('');
}
