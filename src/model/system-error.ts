/** What the system says of a failed file or process, such as `ENOENT`: never its message, which repeats what it was given. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

/** What the codes that people meet mean. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'another program uses the port',
  EAI_AGAIN: 'the name cannot be looked up now',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'no way leads to the host',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENETUNREACH: 'no way leads to the network',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  ENOTFOUND: 'no such host',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk may only be read',
  ETIMEDOUT: 'no answer in time',
};

/** A code with its meaning, as messages tell it: `no such file or folder, ENOENT`. Every other text stays as it is. */
export const withMeaning = (text: string): string =>
  Object.hasOwn(meanings, text) ? `${meanings[text] ?? ''}, ${text}` : text;
