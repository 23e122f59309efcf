/** How plans name where a new secret goes. */
import type { Delivery } from './resource-definition.ts';

/** The folder that is taken where muster.yaml names none. */
export const unnamedFolder = 'the default folder of secrets';

export function destinationOf(sink: string | undefined, delivery: Delivery | undefined): string {
  const named = sink ?? delivery?.defaultSink;
  if (named !== undefined) return `sink ${named}`;
  return delivery?.isFolderNamed === true ? 'secrets.dir' : unnamedFolder;
}
