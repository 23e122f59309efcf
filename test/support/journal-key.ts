/** What journals in tests are signed with, and how far they are believed. */
import type { JournalStore } from '../../src/journal/journal-store.ts';
import { type Trust, type TrustedStore, trusting } from '../../src/journal/trust.ts';
import type { JournalKey } from '../../src/model/journal-key.ts';
import { Secret } from '../../src/model/secret.ts';
import { journalKeyOf } from '../../src/secrets/journal-key.ts';

export const testToken: Secret = new Secret('abcdefghijklmnopqrstuvwxyz');
export const testKey: JournalKey = journalKeyOf(testToken, 'key');
export const otherKey: JournalKey = journalKeyOf(new Secret('zyxwvutsrqponmlkjihgfedcba'), 'key');

/** A directory of the caller's own. */
export const ownTrust: Trust = { key: testKey, isOwn: true, warn: () => undefined };

export const trusted = (store: JournalStore): TrustedStore => trusting(store, ownTrust, () => Promise.resolve(true));
