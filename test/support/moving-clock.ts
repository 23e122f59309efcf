/** @returns the machine's time as a clock that never tells the same millisecond twice, as writes over a network seldom do */
export function movingClock(): () => number {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(lastMs + 1, Date.now());
    return lastMs;
  };
}
