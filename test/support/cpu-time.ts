/**
 * Of this process, in microseconds: what else the machine is busy with does not count. For ratios within one test.
 */
export async function cpuTimeOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
