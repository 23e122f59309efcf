import { withCodes } from '../model/unseen-signs.ts';

/** JSON for programs. People see it on terminals, too, and it may pass through the log of a GitHub workflow, which takes `##[` anywhere for a command. */
export const jsonText = (value: unknown): string => `${safe(JSON.stringify(value, undefined, 2))}\n`;

/** The same in one line, without its end. */
export const jsonLine = (value: unknown): string => safe(JSON.stringify(value));

const safe = (text: string): string => withCodes(text).replaceAll('##[', '#\\u0023[');
