import type { UserRow } from '../rows.ts';
import { checkUser } from './check-user.ts';
import { normalEmail, normalUsername, updatedNotifyProps, withoutInvisible } from './normalize.ts';

/**
 * What the server makes of a whole account before it writes any of it, and what it then asks of all of it: a patch, a full
 * update, roles and the active flag come past here. Whatever else is written, such as a sign-in, a password or a
 * promotion, is stored by itself and asks nothing.
 *
 * @throws {Refusal} 400 with the id of the first field that fails, be it one that is not written at all
 */
export function beforeUpdate(user: UserRow): UserRow {
  const normal: UserRow = {
    ...user,
    username: normalUsername(user.username),
    email: normalEmail(user.email),
    first_name: withoutInvisible(user.first_name),
    last_name: withoutInvisible(user.last_name),
    nickname: withoutInvisible(user.nickname),
    notify_props: updatedNotifyProps(user.notify_props),
  };
  checkUser(normal);
  return normal;
}
