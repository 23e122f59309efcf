/** What changes where a pipeline runs muster. */

/** Whether a pipeline does, as far as the environment says. */
export function isInPipeline({ CI: value = '' }: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false'].includes(value.toLowerCase());
}

/** Who may own what lies on the way to a file: the caller and root, or the runner, too. */
export type Owners = 'caller' | 'runner';

/**
 * In the container of a job the caller is root, and home and workspace belong to the runner's own user outside of it. That
 * user made the job; and where `CI` is set nothing is believed for lying in the right place.
 *
 * @param uid - of the caller; `undefined`: the system has none
 */
export const ownersIn = (env: NodeJS.ProcessEnv, uid: number | undefined): Owners =>
  uid === 0 && isInPipeline(env) ? 'runner' : 'caller';
