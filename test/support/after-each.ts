/** Runs in front of every test file: files share a process, and a hook in a shared module would reach only the first of them. */
import { afterEach } from 'vitest';
import { closeOpened } from './opened.ts';

afterEach(closeOpened);
