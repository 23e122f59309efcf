/** `1 person`, `2 people`; the words may go on: `1 account was`, `2 accounts were`. The only place that decides between one and many. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
