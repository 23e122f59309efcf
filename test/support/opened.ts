/** What a test has opened and nobody has closed yet. */
interface Opened {
  close(): Promise<void>;
}

const opened = new Set<Opened>();

/** Closes it after the test, unless it was closed before. */
export function closeLater(one: Opened): void {
  opened.add(one);
}

export function isClosed(one: Opened): void {
  opened.delete(one);
}

export async function closeOpened(): Promise<void> {
  for (const one of opened) {
    opened.delete(one);
    await one.close();
  }
}
