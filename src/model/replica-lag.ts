/**
 * A server with database replicas shows late what was written: lists, look-ups by name or e-mail, and tokens, also those that
 * sign in. Reads of accounts by id are fresh (API reference, section 12).
 */

/** Replicas are behind by less; in milliseconds. */
export const replicaLagMs = 2_000;

/** How often something is looked for that a replica may not show yet. */
export const maxReadings = 3;

/** Between two readings; in milliseconds. */
export const rereadAfterMs: number = replicaLagMs / (maxReadings - 1);
