import PQueue from 'p-queue';

/** Reads of one kind that are under way at the same time. */
const concurrency = 4;

/**
 * Reads something for each item, a few at a time; results stand in the order of the items. Only one read waits in the
 * queue: the others are not made before their turn. After a failure no other read begins.
 *
 * @throws what the first read that fails throws, once none is under way any more
 */
export async function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item, index: number) => Promise<Result>,
  atOnce: number = concurrency,
): Promise<readonly Result[]> {
  const queue = new PQueue({ concurrency: atOnce });
  const results: Result[] = [];
  const failures: unknown[] = [];
  const readOne = async (item: Item, index: number): Promise<void> => {
    if (failures.length > 0) return;
    try {
      results[index] = await read(item, index);
    } catch (error) {
      failures.push(error);
    }
  };
  for (const [index, item] of items.entries()) {
    await queue.onSizeLessThan(1);
    if (failures.length > 0) break;
    // Never fails, and is waited for below.
    void queue.add(() => readOne(item, index));
  }
  await queue.onIdle();
  if (failures.length > 0) throw failures[0];
  return results;
}
