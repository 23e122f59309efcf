import { exitCodes } from '../model/exit-codes.ts';
import { docsOf, type Explained } from '../model/messages/register.ts';
import type { Paint } from './paint.ts';

/** A code of the register for people: when it happens, what it says, what to do. */
export function codeText({ code, level, exit, when, texts }: Explained, paint: Paint): string {
  const end = exit === undefined ? 'no exit code' : `exit code ${exitCodes[exit]}`;
  const said = texts.flatMap(({ text, todo }) => [
    `  ${text}`,
    ...(todo === undefined ? [] : [`    ${paint('cyan', `→ ${todo}`)}`]),
  ]);
  return `${paint('bold', code)}  ${level}, ${end}

${when}

${said.join('\n')}

${paint('dim', docsOf(code))}
`;
}
