import { expect, test } from 'vitest';
import { daemonPorts } from '../../src/cli/daemon-options.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { openSession } from '../../src/cli/session.ts';
import { warning } from '../../src/model/messages/warning-rows.ts';

test('a loop tells once how its state directory is, and each time what went wrong beside a cycle', () => {
  const lines: string[] = [];
  const io: CliIo = {
    stdout: { write: () => undefined, isTTY: false },
    stderr: { write: (text) => lines.push(text), isTTY: false },
    ask: undefined,
    env: {},
    workingDir: '/',
    signal: new AbortController().signal,
  };
  const { emit } = daemonPorts(openSession(io), { log: 'text', format: 'text' }, io);

  for (let cycle = 0; cycle < 3; cycle += 1) {
    emit(warning('signature-differs', { is: 'another-key' }));
    emit(warning('not-believed', { is: 'left-out', why: 'a' }));
    emit(warning('no-lease', { why: 'b' }));
  }

  expect(lines.filter((line) => line.includes('signed with another token'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('it is left out'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('no lease'))).toHaveLength(3);
});
