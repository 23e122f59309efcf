/** Loaded into a process that is measured: writes at its end what it has used, wherever it was when it ended. */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import process from 'node:process';

const report = process.env.MUSTER_BENCH_USAGE;
delete process.env.MUSTER_BENCH_USAGE;
const sockets = new Set();
subscribe('net.client.socket', ({ socket }) => sockets.add(socket));
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const bytes = [...sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024, bytes };
  writeFileSync(report, JSON.stringify(usage));
});
