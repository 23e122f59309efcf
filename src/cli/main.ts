#!/usr/bin/env node
import { toolVersion } from '../app/version.ts';

const args = process.argv.slice(2);

// Asked often and by scripts: answered before anything else is loaded.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // What it cannot be written to is told as of every command.
  process.stdout.once('error', () => void run());
  process.stdout.write(`${toolVersion()}\n`);
} else {
  void run();
}

async function run(): Promise<void> {
  const { runProcess } = await import('./run-process.ts');
  process.exitCode = await runProcess(args);
}
