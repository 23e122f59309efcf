/**
 * The environment of this process, and out of the process itself with what muster signs in with and reads secrets from:
 * a crash report that Node writes, and whatever else looks there, would show it.
 *
 * @param env - is changed
 * @returns all of it, as it was
 */
export function takeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const taken = { ...env };
  for (const name of Object.keys(taken))
    if (/^(?:MUSTER_(?:TOKEN|SECRET|QUEUE|FORGE)|GITHUB_TOKEN$|GH_TOKEN$|GITLAB_TOKEN$|CI_JOB_TOKEN$)/i.test(name))
      delete env[name];
  return taken;
}
