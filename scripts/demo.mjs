/**
 * The main job on the embedded server, as a newcomer would do it: look, plan, apply, plan again.
 * Runs the built program; everything it writes goes to a folder of its own, which it leaves behind to look at.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { readSandboxSeed } from '../dist/app/read-sandbox-seed.js';
import { startSandbox } from '../dist/sandbox/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'muster-demo-'));
cpSync(join(root, 'examples'), folder, { recursive: true });

const say = (text) => console.log(styleText('cyan', text, { stream: process.stdout }));
const seed = await readSandboxSeed(join(folder, 'sandbox-seed.yaml'), 'sandbox-seed.yaml');
const sandbox = await startSandbox({ seed });
const env = {
  ...process.env,
  MUSTER_SERVER: sandbox.url,
  MUSTER_TOKEN: sandbox.adminToken,
  XDG_STATE_HOME: join(folder, 'state'),
};

/** Runs muster where the examples are, as a person would type it. */
function muster(...args) {
  console.log(styleText('bold', `\n$ muster ${args.join(' ')}`, { stream: process.stdout }));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', resolve);
  });
}

async function expectExit(wanted, ...args) {
  const code = await muster(...args);
  if (code !== wanted) throw new Error(`muster ${args.join(' ')} ended with ${code}, expected ${wanted}`);
}

try {
  say(`An embedded server runs at ${sandbox.url}. Its people have drifted away from what users.yaml declares:
someone is an administrator who should not be, people who left are still active, machines need new tokens.
Look at sophie.wilson, who is new and gets two teams and a channel, and at claude.shannon, who comes back and no
longer administers the team of before.
Everything happens on this machine, in ${folder}.`);
  await expectExit(0, 'validate');
  await expectExit(0, 'plan');
  say('\nA plan writes nothing. Now apply it; without --yes muster would ask first.');
  await expectExit(0, 'apply', '--yes');
  say('\nAfter an apply that exits 0 a second plan has no actions. What is held is listed again, unchanged.');
  await expectExit(0, 'plan', '--detailed-exitcode');
  say(`
Done, in ${sandbox.requests.length} requests. The secrets of new tokens lie in ${join(folder, 'secrets')}, readable by you alone.

Try next:
  ls -la ${folder} ${join(folder, 'secrets')}
      the files of this demo, and the new tokens
  node dist/cli/main.js sandbox --seed examples/sandbox-seed.yaml
      the same server, to play with: it says what to type in another terminal
  node dist/cli/main.js --help
      everything that muster can do
  docs/first-day.md
      the same by hand, in ten minutes
  docs/adopt.md
      how to begin with a server of your own: doctor, init, plan`);
} finally {
  await sandbox.close();
}
