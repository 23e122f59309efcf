/** What is closed after the work, and which error counts. */
import { describe, expect, test } from 'vitest';
import { closing } from '../../src/app/closing.ts';

const steps: string[] = [];
const step = (name: string, error?: Error) => (): Promise<string> => {
  steps.push(name);
  return error === undefined ? Promise.resolve(name) : Promise.reject(error);
};
const close = (error?: Error) => async (): Promise<void> => {
  await step('closed', error)();
};

describe('closing', () => {
  test('comes after the work, and gives back what came of it', async () => {
    steps.length = 0;

    expect(await closing(step('worked'), close())).toBe('worked');

    expect(steps).toEqual(['worked', 'closed']);
  });

  test('comes after work that failed, too', async () => {
    steps.length = 0;

    await expect(closing(step('failed', new Error('work')), close())).rejects.toThrow('work');

    expect(steps).toEqual(['failed', 'closed']);
  });

  test('does not hide the work’s error behind its own', async () => {
    await expect(closing(step('failed', new Error('work')), close(new Error('close')))).rejects.toThrow('work');
  });

  test('that fails after work that was done is said', async () => {
    await expect(closing(step('worked'), close(new Error('close')))).rejects.toThrow('close');
  });
});
