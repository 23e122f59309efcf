import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code, or the signal that ended it. */
  readonly ended: number | string;
  readonly stdout: string;
}

/** Secrets are small; more than this is not one. */
const maxOutput = 64 * 1024;

/**
 * Runs a program without a shell. Its standard error is thrown away: it could repeat the secret.
 *
 * @param env - the whole environment of the child; the caller takes muster's own token out
 * @throws when the program cannot be started
 */
export function runCommand(
  argv: readonly string[],
  options: { readonly input?: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: options.timeoutMs,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      stdout += text;
      if (stdout.length > maxOutput) child.kill();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ended: code ?? signal ?? 'no reason', stdout }));
    // A program that does not read its input is judged by how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** The environment for a child: everything but what muster itself signs in with and reads secrets from. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^MUSTER_(TOKEN|SECRET)/.test(name)));
}
