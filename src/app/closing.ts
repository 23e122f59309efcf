/** Does the work, then closes what it worked with. When both fail, the work's error is the one that counts. */
export async function closing<Result>(work: () => Promise<Result>, close: () => Promise<void>): Promise<Result> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  await close();
  return result;
}
