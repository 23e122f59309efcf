/**
 * How this program was started, so that commands that it prints work where they are printed: who runs it by `npx` has no
 * `muster` on the path, and `npx muster` elsewhere runs a package of another maker.
 */
export function calledAs(env: NodeJS.ProcessEnv): string {
  return env['npm_command'] === 'exec' ? 'npx mattermuster' : 'muster';
}
