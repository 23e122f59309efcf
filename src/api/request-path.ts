import { fitsPath } from '../model/email-rules.ts';
import { ProgrammingError } from '../model/muster-error.ts';
import { isUsername, lowerCase } from '../model/user-rules.ts';
import { BadArgument, idArgument, roleArgument, userIdArgument } from './arguments.ts';
import { kindOf } from './decode.ts';
import { excerpt } from './excerpt.ts';

// The only place where a value becomes part of a path. Every value is checked by the name it fills and then
// percent-encoded, so that nothing leaves its segment.

type SegmentCheck = (value: unknown, name: string) => string;

const username: SegmentCheck = (value, name) => {
  // `.` and `..` are valid names that no path can carry: servers and proxies resolve them even when encoded.
  if (typeof value === 'string' && isUsername(value) && !/^\.\.?$/.test(value)) {
    return value.toLowerCase();
  }
  const found = typeof value === 'string' ? `"${excerpt(value, 40)}"` : kindOf(value);
  throw new BadArgument({ is: 'no-username', name, found });
};

const email: SegmentCheck = (value, name) => {
  if (typeof value === 'string' && !/[\p{C}\s]/u.test(value) && fitsPath(lowerCase(value))) return lowerCase(value);
  const found = typeof value === 'string' ? `"${excerpt(value, 40)}"` : kindOf(value);
  throw new BadArgument({ is: 'no-email', name, found });
};

const word: SegmentCheck = (value, name) => {
  if (typeof value === 'string' && /^[A-Za-z0-9+][A-Za-z0-9+_-]{0,126}[A-Za-z0-9+]$/.test(value)) return value;
  const found = typeof value === 'string' ? `"${excerpt(value, 40)}"` : kindOf(value);
  throw new BadArgument({ is: 'no-word', name, found });
};

/** The name of a team or a channel. */
const placeName: SegmentCheck = (value, name) => {
  if (typeof value === 'string' && /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/.test(value)) return value;
  const found = typeof value === 'string' ? `"${excerpt(value, 40)}"` : kindOf(value);
  throw new BadArgument({ is: 'no-place-name', name, found });
};

const checks: Readonly<Record<string, SegmentCheck>> = {
  user_id: userIdArgument,
  bot_user_id: idArgument,
  token_id: idArgument,
  team_id: idArgument,
  channel_id: idArgument,
  team_name: placeName,
  channel_name: placeName,
  role_name: roleArgument,
  username,
  email,
  category: word,
  preference_name: word,
};

export interface FilledPath {
  readonly path: string;
  /** For messages: `user_id 9xz…`; `undefined` when the template takes no argument. */
  readonly subject: string | undefined;
}

/** How many arguments a template takes. */
export function countSegments(template: string): number {
  return template.split('{').length - 1;
}

/**
 * Fills a path template, as `/users/{user_id}/tokens`.
 *
 * @throws {BadArgument} when a value is not what its name says
 */
export function fillPath(template: string, args: readonly unknown[]): FilledPath {
  let index = 0;
  const subject: string[] = [];
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const check = checks[name];
    if (check === undefined) throw new ProgrammingError({ is: 'no-check', name: `{${name}}`, template });
    const value = check(args[index], name);
    index += 1;
    subject.push(`${name} ${value}`);
    return encodeURIComponent(value);
  });
  return { path, subject: subject.length === 0 ? undefined : subject.join(', ') };
}
