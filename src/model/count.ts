/** `1 person`, `2 people`; the words may go on: `1 account was`, `2 accounts were`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${wordFor(number, one, many)}`;
}

/** The words alone, where the number stands apart. The only place that decides between one and many. */
export function wordFor(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? one : many;
}
