import { styleText } from 'node:util';

export type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'magenta' | 'bold' | 'dim';

/** Colours text, or leaves it: the code that prints decides once, by terminal and NO_COLOR. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_colour, text) => text;

export const coloured: Paint = (colour, text) =>
  text === '' ? '' : styleText(colour, text, { validateStream: false });
