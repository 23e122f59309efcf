/**
 * The number by which people call a run: 12 for `000012-20261124T093000Z-1f2e3d4c`. A name of another form is its own
 * number.
 */
export function runNumberOf(run: string): string {
  const [, number] = /^0*([1-9][0-9]*)-/.exec(run) ?? [];
  return number ?? run;
}

/** Whether a person who says `wanted` means this run: by its name, or by its number, with or without zeros before it. */
export function isRunCalled(wanted: string, run: string): boolean {
  return run === wanted || (/^[0-9]+$/.test(wanted) && runNumberOf(run) === String(Number(wanted)));
}
