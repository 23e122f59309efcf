/**
 * How this program was started, so that commands that it prints work where they are printed: not everyone who runs it has
 * `muster` on the path, and `npx muster` elsewhere runs a package of another maker.
 *
 * @param script - the path that Node runs
 */
export function calledAs(env: NodeJS.ProcessEnv, script: string = process.argv[1] ?? ''): string {
  if (env['npm_command'] === 'exec') return 'npx mattermuster';
  return /[/\\]cli[/\\]main\.js$/.test(script)
    ? `node ${/\s/.test(script) ? JSON.stringify(script) : script}`
    : 'muster';
}
