/** An account as a plan will have left it. */
import { foreseenAccount } from '../../model/account-view.ts';
import { isCallOf } from '../../model/calls.ts';
import type { LiveUser } from '../../model/live-state.ts';
import type { ActionDraft } from '../../model/plan.ts';

export function userAfter(actions: readonly ActionDraft[], live: LiveUser | undefined): LiveUser | undefined {
  const own = actions.filter(({ call }) => isCallOf('user', call));
  const isMade = own.some(({ call }) => call.operation === 'create-user');
  const before = live ?? (isMade ? newAccount : undefined);
  return before === undefined ? undefined : foreseenAccount(before, own);
}

/** As the server makes it, before a create names anything. */
export const newAccount: LiveUser = {
  id: '',
  isBot: false,
  isRemote: false,
  values: {
    username: '',
    email: '',
    first_name: '',
    last_name: '',
    nickname: '',
    position: '',
    locale: '',
    timezone: {},
    notify_props: {},
    props: {},
    roles: ['system_user'],
    active: true,
    auth: { service: 'email' },
    mfa: 'off',
  },
};
