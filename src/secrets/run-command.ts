import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code, or what ended it: a signal, too much output, or the time that was over. */
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
    const child = spawn(program, args, { env: options.env, stdio: ['pipe', 'pipe', 'ignore'] });
    let stdout = '';
    let cutShort: string | undefined;
    // Not asked but killed, and its output let go: it, or a program that it has started, may not care for either.
    const cut = (why: string): void => {
      cutShort ??= why;
      child.kill('SIGKILL');
      child.stdout.destroy();
    };
    const timer = setTimeout(() => cut(`a timeout after ${options.timeoutMs / 1000} s`), options.timeoutMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      stdout += text;
      if (stdout.length > maxOutput) cut(`more than ${maxOutput} characters of output`);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ended: cutShort ?? code ?? signal ?? 'no reason', stdout });
    });
    // A program that does not read its input is judged by how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** The environment for a child: everything but what muster itself signs in with and reads secrets from. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^MUSTER_(TOKEN|SECRET)/i.test(name)));
}

/** `exit code 3`, or what else ended a program, for people. */
export function endingText({ ended }: CommandResult): string {
  return typeof ended === 'number' ? `exit code ${ended}` : ended;
}
