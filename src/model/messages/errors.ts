import { apiErrors } from './api-errors.ts';
import { argumentErrors } from './argument-errors.ts';
import { checkoutErrors } from './checkout-errors.ts';
import type { ErrorRow } from './error-row.ts';
import { fileErrors } from './file-errors.ts';
import { forgeErrors } from './forge-errors.ts';
import { planErrors } from './plan-errors.ts';
import { runErrors } from './run-errors.ts';
import { secretErrors } from './secret-errors.ts';
import { stateErrors } from './state-errors.ts';
import type { WhatOf } from './text.ts';

type ErrorTable = typeof apiErrors &
  typeof argumentErrors &
  typeof secretErrors &
  typeof stateErrors &
  typeof planErrors &
  typeof fileErrors &
  typeof checkoutErrors &
  typeof forgeErrors &
  typeof runErrors;

/** Stable, in capitals: part of the public surface. */
export type ErrorCode = keyof ErrorTable;

/** What has to be said with an error code. */
export type WhatOfError<Code extends ErrorCode> = WhatOf<ErrorTable[Code]>;

/** Every error that muster throws, in the order of the documentation. */
export const errorRows: Readonly<Record<ErrorCode, ErrorRow>> = {
  ...fileErrors,
  ...checkoutErrors,
  ...forgeErrors,
  ...secretErrors,
  ...stateErrors,
  ...planErrors,
  ...runErrors,
  ...apiErrors,
  ...argumentErrors,
};

export const errorRowOf = (code: ErrorCode): ErrorRow => errorRows[code];

/** A function, so that a program can load the table when it is asked for. */
export const everyErrorRow = (): typeof errorRows => errorRows;
