/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'note' | 'bad';
  readonly text: string;
  /** What to do, where something should be done. */
  readonly hint?: string;
}
