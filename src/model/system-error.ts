/** What the system says of a failed file or process, such as `ENOENT`: never its message, which repeats what it was given. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
