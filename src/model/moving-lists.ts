/** Lists move while others write: a row can stand on two pages, or on none. One whose reading proves nothing is read again. */

/** How often a list is read at most. */
export const maxReadings = 3;
