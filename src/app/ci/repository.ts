/** The repository of a job, and the token that opens it. */
import { gitSchemeOf } from '../../config/git-address.ts';
import { openWorkTree } from '../../config/run-git.ts';
import type { JobFacts } from '../../forge/index.ts';
import { refuse } from '../../model/messages/problems.ts';
import { InputError } from '../../model/problem.ts';
import { Secret } from '../../model/secret.ts';
import { gitCredential } from '../../secrets/git-credential.ts';
import type { AppPorts } from '../ports.ts';
import type { RepositoryPlace } from './pull-request-files.ts';

export interface WorkPlace extends RepositoryPlace {
  /** Absolute: of the work tree that the job has. */
  readonly root: string;
}

/**
 * @param named - by a flag; without it the remote `origin` of the work tree
 * @throws {InputError} where there is no address that muster takes
 */
export async function repositoryHere(
  named: string | undefined,
  { server, gitUser, tokenIn }: JobFacts,
  { workingDir, env, signal }: Pick<AppPorts, 'workingDir' | 'env' | 'signal'>,
): Promise<WorkPlace> {
  const tree = await openWorkTree(workingDir, env, 'origin');
  const found = await tree?.git(['config', '--get', 'remote.origin.url']);
  const written = named ?? (found?.code === 0 ? found.stdout.toString('utf8').trim() : '');
  const url = withoutUser(written);
  if (gitSchemeOf(url) === undefined) throw new InputError([refuse('no-remote', {})]);
  const token = tokenIn.map((name) => env[name] ?? '').find((value) => value !== '');
  // The token of a forge goes to that forge.
  const isOfForge = server !== undefined && URL.canParse(url) && new URL(url).origin === new URL(server).origin;
  return {
    url,
    root: tree?.root ?? workingDir,
    env,
    ...(signal !== undefined && { signal }),
    ...(token !== undefined && isOfForge && { credential: gitCredential(url, gitUser, new Secret(token)) }),
  };
}

/** Runners write a token of theirs into the address. */
function withoutUser(url: string): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) return url;
  const made = new URL(url);
  made.username = '';
  made.password = '';
  return made.href;
}
