/**
 * Which locales the server takes (API reference §3): at most 5 bytes that `golang.org/x/text/language` knows. Its codes
 * stand here as bits; the verdicts beside the tests come from the same program.
 */

/** Codes as bits, from `aa` or `aaa` on. */
const codes = {
  language2:
    'MzQmR8cZEAlkUwQAiBBoHIQMCZSAAkNEkMZZZVwEBIAR9GfXUBgOwG0ObaGJRCBhQEACAwAAEADAQdHd90d0m1NABAJCBAEQAAQAIAAAAEEABAJAAA==',
  language3:
    '//3//v//v9v7//769x88V2+Xe/j///9wvwP//88FhXL5//3/////9//////////j6f///028Cn7////////3/////99v9PHwXeefFAcg3/2ff8kh+P//////////f/////////////d/////////7///////7/////+//////9////v//3/////+///////3///9///////////+///f///f+////v///////3+//dWtf0D/nMFDLAwlQQBQRADA///+n7RCRdabNIj3e+cXVlV9Dhw3f/Pv//9dOGUIABD8/7////9/Nz7Hx9//AYEAsAWAACAAAANQAECSIdD/f//e/l4EAAJkjRnB33sjAAAA323eJuXZ8/7//8+fFEEMhgDRAPDHZ1/WmV637e8DAAIAAADAd9pXkm0BLtZ79P//fwAAAAEMVgMAALAUJ1EWGgABAAAQEUkAAGAQAAAAEAAARAQAEIAFGAAABQCAKAQAAFDVLRBkNyRT9dW/480DAIAAQBAAAAAABBc5Ad3XmSGYpwgABUCCAAABBAAAAAIBQABEAACw/u85AAIAAAAEAAAAAAAgAEAEAAAAAgAAABCjqgUAAAAABCAEpggEAAiBUAAACDGGQAAAAABAQAf1QxAIBAAAAOC7sxMAgAARAAAAAAAAAAAAAAAA///////fz4OiwP/fJ+9f5wMQILLFpkUlmwPf+d8D1EiQAQ7B95Nc2zjzf/9t+f//fwQIAAEhEnzf/Q+FT0RAAAT////W6Bv0N6MNAAAge3kCB4QA8P///wAYBYEAAACAELQcIQAAAAAAEEAABAi0/qcMQAAAkSQEbABg8P//f/YYBZ/fbgMAEQAAAEAFtb6CKAQABFHi//8/BQkIBUAAAAAAEAEADAAAAAChAmznSRSJIMBHkAcAAADMUEAkhUeEQCAQACECUIgRANns71Q3HRFpDn3rMwgAIAVAEQAAAFBElknW3afBR5f7ABAACACAAEBFAAECAAFAgABGCPjr9zvEnRYAAAwEASAg3aIBAAAAEkQAAAQQ8J2VEwSAAAHQFkAAEPCQYkzSAgFKAEYEgAgCACDAAIAGAAgAAAAA8NjvFQIIAAABAAAAABABABAAAAD///////////9////+////////////3/////////////7//////////////f/f//////////////77///////////////////////v////////////////3d//vJgFLP8H8P//fwAIAMN9HwbmcvD//39EIjCfex79/1fy/z//8h6V9///R4ABAgAgQFWfit/5bhGHUfj3/3dAAwXRWFwAQAAQBAIAIAqA//////7////////v////f/////////////f//99///////////+////7////3/////f///f//////////////3/f/7/v9///////////////f///////////f///n/7///9//38CggT/////1+////f/4p7n//f/dv3N////////////fw+nUQbEl9Bdr6b//f9jXVv///8/IBQAV1HCZfVN8v//30KFxQUAIgB0aRAYBUEAAQYAAAAAAFFgBQQBAAAGESAAGAWS8f1nawaVBlft+02de4MEYkAAFUIAAABUx/lfEM7JRt/3EzEAIAAAAJAAAAAAAAoQAAFAAPDf/799vs//v0IUhGGw/316BAIASS0UJ//t8b/vPwAAAsfgHvy///379/33///8/e9H9H8QAQHEf//33flfBYbv9Xf9PQAAAENxQgBAAAABQxkkCAD///////////////////////////////////////////////////////////////////////////////////////+951fuE10JwUAh+hcBgAAAAADw/v+/ACMAIAAACAAAMLXjEAAAABEkFgABAjCDowFQAAGDEUgAAADw3///EqoQ//hSAIAgAAAAAEAQAgI9QBBCEGFf3zEAAAABXAIgAAABAEIBIAAA////////P9/ez73/r///f0tAEPH97/33///7//9v8Xvxf/9////////////f//3//1f/b4F3n/z3///////+/19Xf+9fUBhy//+fFZ8VD33GfaGS9f/////////93f///fbf/z9AmAL/7//39v7///9/0D4Ve7z/vv//9///93////7/99f97y+Av8X////////////9//9/Rh93//nbXc99Frnqe6AeIAAwAgQkSAQAAEDUBgQAAAQABAAwCQZQAAgAQAAkAAQAENx4100PVE/xFmTVSgpAAgBAAAgAAAD8/+sfWEhBJKAEADASQCIAEAAAAAAAAAEAAAiAEBC/b5MAAQAAAAAAAADAgC8AAAAAAAAKAAAAwIfCAgABAAH/GAIAEvD/eT8AJQAACAoAAAAAAABAABADAAkgAAABAACDAAAAAAEAAAAAAAAAAAAAAAD////Pfr4REAAAkgFGzfleAAEAMBQEVRABBPY/egUEALCAIFV1n33fccx41UP112cUAQAAAAAALPfbH1Rgg2gFEIs4ugEAADAAJEQAABADMQIBAADw9f/X17xw1nh6FVAFpITpQQAAAGs5UnRA6TCQapIAAAL/7/9/hVP07///8t3HTPVC/P//HwCAwFbMFp/7N33v/72krwFEGAFdTkoIUCgw4IAQICQA////b/4BBogqQBYBARUrPgEAABCQaUUCAgHpv78DAAAQ3KfRVJ5E3/2PZrNVINTj2DA9gAAAAEz0EcWEb1AAIlB/v9sHACAQhLJFEAZEAAASAhEA8P/9fwUCFokAAAAIABAMAwAAAACDMAIshAEzwCMkAAAAy+Q6RshU8f//fxYBAYRQB/z//w8BAEAQOAEBHBJA4XYWiAMQAAAAAQAAAAAAIiQKQIAAAA==',
  region:
    'fXnf7u/93d7/P5YVwNUAHgJcDbKf+xUAjQ4ceA9AQCMAHSv0QYFP/f3/1ydvCAABQD2P1wHw/0MCUfH953u7v5pBNAR3hUAAQkDA////GAAYBEAICQ==',
};

/** Languages that servers bring texts for. */
export const offeredLocales: readonly string[] =
  'de,en,en-AU,es,fr,it,hu,nl,pl,pt-BR,ro,sv,vi,tr,bg,ru,uk,fa,ko,zh-CN,zh-TW,ja'.split(',');

/** Whether the server stores a locale when an account is patched; on a create it replaces what it does not offer. */
export function isServerLocale(locale: string): boolean {
  const known = verdicts.get(locale);
  if (known !== undefined) return known;
  const verdict = judge(locale);
  if (verdicts.size < maxVerdicts) verdicts.set(locale, verdict);
  return verdict;
}

/** Most people share a few locales, and each is asked about for everybody. */
const verdicts = new Map<string, boolean>();
const maxVerdicts = 1000;

function judge(locale: string): boolean {
  if (locale === '') return true;
  if (locale.length > 5) return false;
  const [, language, region] = /^([a-z]{2,3})(?:[-_]([a-z]{2}))?$/i.exec(locale) ?? [];
  if (language === undefined) return /^(root|x-[a-z0-9]{1,3})$/i.test(locale);
  const table = language.length === 2 ? codes.language2 : codes.language3;
  return isIn(table, language) && (region === undefined || isIn(codes.region, region));
}

function isIn(table: string, code: string): boolean {
  const place = Array.from(code.toLowerCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 97, 0);
  return ((atob(table).charCodeAt(place >> 3) >> (place & 7)) & 1) === 1;
}
