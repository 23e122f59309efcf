/** Loaded into a process that is measured: writes at its end what it has used, wherever it was when it ended. */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';

const report = process.env.MUSTER_BENCH_USAGE;
delete process.env.MUSTER_BENCH_USAGE;
const sockets = new Set();
const { connect } = Socket.prototype;
Socket.prototype.connect = function noted(...args) {
  sockets.add(this);
  return connect.apply(this, args);
};
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const bytes = [...sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024, bytes };
  writeFileSync(report, JSON.stringify(usage));
});
