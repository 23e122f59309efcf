import { afterEach, expect, test, vi } from 'vitest';
import { isTimeZone } from '../../src/model/civil-time.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Nowhere', false],
  ['', false],
])('%j is a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});

test('a time zone is looked up once, however often a loop reads the settings that name it', () => {
  const lookUps = vi.spyOn(Intl, 'DateTimeFormat');

  for (let i = 0; i < 100; i++) expect(isTimeZone('Pacific/Chatham')).toBe(true);

  expect(lookUps).toHaveBeenCalledTimes(1);
});
