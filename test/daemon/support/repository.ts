/** A repository that a loop pulls from, as people push to it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git } from '../../support/git-repository.ts';

export interface PushedRepository {
  /** Absolute: the address to pull from. */
  readonly url: string;
  /** Where people work; a push brings it to `url`. */
  readonly work: string;
  /** The private key that signs; its public one lies beside it. */
  readonly key: string;
  readonly publicKey: string;
  /** Writes files, commits and pushes. */
  push(files: Readonly<Record<string, string>>, options?: readonly string[]): Promise<string>;
  /** The same, in place of the commit before. */
  rewrite(files: Readonly<Record<string, string>>): Promise<string>;
  signed(files: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

export async function makeRepository(files: Readonly<Record<string, string>>): Promise<PushedRepository> {
  const dir = await mkdtemp(join(tmpdir(), 'muster-pull-'));
  const [url, work, key] = [join(dir, 'bare.git'), join(dir, 'work'), join(dir, 'key')];
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const publicKey = execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' }).trim();
  git(dir, 'init', '--quiet', '--bare', '--initial-branch=main', url);
  git(dir, 'init', '--quiet', '--initial-branch=main', work);
  // What the files say of themselves is for those who check them out.
  await mkdir(join(work, '.git', 'info'), { recursive: true });
  await writeFile(join(work, '.git', 'info', 'attributes'), '* -text -filter -ident !working-tree-encoding\n');
  const write = async (named: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(named)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), text);
    }
    git(work, 'add', '--all');
  };
  const commit = (...options: readonly string[]): string => {
    const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key}`];
    git(work, ...signing, 'commit', '--quiet', '--allow-empty', '-m', 'change', ...options);
    git(work, 'push', '--quiet', '--force', url, 'HEAD:main');
    return git(work, 'rev-parse', 'HEAD');
  };
  const repository: PushedRepository = {
    url,
    work,
    key,
    publicKey,
    push: async (named, options = []) => {
      await write(named);
      return commit(...options);
    },
    rewrite: async (named) => {
      await write(named);
      return commit('--amend');
    },
    signed: async (named) => {
      await write(named);
      return commit('-S');
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
  await repository.push(files);
  return repository;
}

/** The repository over HTTP, by git's own program, for one user and password. */
export async function serveRepository(
  { url }: PushedRepository,
  userAndToken: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const expected = `Basic ${Buffer.from(userAndToken).toString('base64')}`;
  const server = createServer((request, response) => {
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="forge"' }).end();
      return;
    }
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: dirname(url),
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    request.pipe(backend.stdin);
    const parts: Buffer[] = [];
    backend.stdout.on('data', (part: Buffer) => parts.push(part));
    backend.on('close', () => {
      const whole = Buffer.concat(parts);
      const end = whole.indexOf('\r\n\r\n');
      const headers = whole.subarray(0, end).toString('latin1').split('\r\n');
      for (const line of headers) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(whole.subarray(end + 4));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/bare.git`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
