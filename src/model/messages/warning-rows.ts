import { type ProblemRow, textOfRow } from './problem-row.ts';
import type { Values, WhatOf } from './text.ts';

const rows = {
  'no-lease': {
    when: 'The note on the server that keeps muster on other machines waiting could not be written.',
    text: 'no lease on the server, so other machines are not kept out: {why}',
    todo: 'let one machine at a time apply, and the caller write its own preferences on the server',
  },
  'use-not-recorded': {
    when: 'What a run is going to change could not be written down on the server.',
    text: 'the server keeps no record of this run, so budgets of other machines do not see it: {why}',
    todo: 'let the caller write its own preferences on the server; policy.window: require stops such a run',
  },
  'use-not-corrected': {
    when: 'What a run did not do in the end could not be taken off the record on the server.',
    text: "the server's record of this run was not corrected, so all of its plan counts: {why}",
    todo: 'wait a day, or raise the budget for the next run, where it leaves too little',
  },
  'declared-not-remembered': {
    when: 'Who is declared could not be written into the state directory.',
    text: 'who is declared was not remembered: {why}',
    todo: 'see to the state directory: of who leaves the files from now on, the next plan does not know that an entry was there',
  },
  'people-not-kept': {
    when: 'What was read of the server could not be written into the state directory.',
    text: 'what was read was not kept, so that the next read is a full one, too: {why}',
    todo: 'see to the state directory',
  },
  'plan-not-kept': {
    when: 'A plan that found nothing to do could not be written into the state directory.',
    text: 'the plan was not kept, so that the next run makes it anew: {why}',
    todo: 'see to the state directory',
  },
  'journal-broken': {
    when: 'A command that only plans finds the newest journal broken.',
    text: 'the newest journal is broken, and the next apply will refuse: {why}',
    todo: 'see muster journal list, and the page of operations',
  },
  'signature-differs': {
    when: "A file of the caller's own state directory is not signed with the token that the caller has now.",
    texts: {
      'another-key': {
        text: 'the state directory has files signed with another token; it is your own, so they are believed',
      },
      wrong: {
        text: 'the signature of {file} does not fit; it is believed, since it lies in your own state directory',
        todo: 'find out who wrote there, unless the token of muster was replaced',
      },
    },
  },
  'not-believed': {
    when: 'A file of the state directory is not as muster wrote it, and is left out.',
    todo: 'find out who wrote there, unless the token of muster was replaced',
    texts: {
      'not-counted': { text: '{why}: it does not count' },
      'cycles-forgotten': { text: '{why}: the cycles before are forgotten' },
      'not-settled': { text: '{why}: what it left open is not cleaned up' },
      'left-out': { text: '{why}: it is left out' },
      'deeds-not-told': { text: '{why}: what was done is not told' },
      'owed-roles-unknown': { text: '{why}: what it owes to new accounts is not known' },
      'declared-unknown': { text: '{why}: who was declared before is not known' },
    },
  },
  'owed-roles-unknown': {
    when: 'The plan of the newest run cannot be read.',
    text: 'whether the run before owes roles to new accounts is not known: {why}',
    todo: 'compare the roles of the accounts that it made with their entries',
  },
  'sealed-by-others': {
    when: 'What `muster ci` keeps between jobs was sealed with another token, or was changed.',
    text: '{files} kept between jobs were sealed with another token, or changed: not believed, and left as they are',
    todo: 'where the token of muster was replaced, delete what is kept',
  },
  'cycles-not-remembered': {
    when: 'What muster reconcile knows of a server could not be written into the state directory.',
    text: 'what this cycle found was not remembered: {why}',
    todo: 'see to the state directory: muster status, and the next process, know the cycles before',
  },
  'notice-not-made': {
    when: 'A notice of muster reconcile was neither sent nor given up.',
    text: 'a notice was not sent: {why}',
  },
  'queue-silent': {
    when: 'The database of the queue does not answer.',
    text: 'the queue does not answer ({code}): tried again until it does',
  },
  'queue-answers': {
    when: 'The database of the queue answers again.',
    text: 'the queue answers again',
  },
  'fleet-unusable': {
    when: 'The files that say which servers there are cannot be used.',
    text: 'no cycle is asked for until the files can be used: {why}',
  },
} as const;

/** Stable, in small letters: alerts and scripts rely on it. */
export type WarningCode = keyof typeof rows;

/** What to do is that of the row where its text does not say it. */
export type WarningRow = ProblemRow & { readonly todo?: string };

/** What goes wrong beside a run and does not stop it, in the order of the documentation. */
export const warningRows: Readonly<Record<WarningCode, WarningRow>> = rows;

/** What has to be said with the code of a warning. */
export type WhatOfWarning<Code extends WarningCode> = WhatOf<(typeof rows)[Code]>;

/** Something beside the run did not work: as an event. Only {@link warning} makes one. */
export interface Warning {
  readonly type: 'warning';
  readonly code: WarningCode;
  readonly text: string;
  readonly hint?: string;
}

/** Fills the row of a code, or the one of its texts that `what.is` names. */
export function warning<Code extends WarningCode>(code: Code, what: WhatOfWarning<Code>): Warning;
export function warning(code: WarningCode, what: Values): Warning {
  return { type: 'warning', code, ...textOfRow(code, warningRows[code], what) };
}
