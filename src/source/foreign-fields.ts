/** What other tools and APIs call the fields of a person or a token, and what to write here instead. */

/** One field of ours: what it is called elsewhere, in lower case without signs between words, and what to write. */
interface FieldRow {
  readonly elsewhere: readonly string[];
  readonly write: string;
}

/** By the field of ours: a name counts only where that field may stand. */
const rows: Readonly<Record<string, FieldRow>> = {
  username: {
    elsewhere: ['name', 'login', 'user', 'uid', 'userid', 'samaccountname', 'userprincipalname', 'account'],
    write: 'username: …',
  },
  email: { elsewhere: ['mail', 'emailaddress', 'emails'], write: 'email: …' },
  first_name: { elsewhere: ['givenname', 'firstname', 'forename'], write: 'first_name: …' },
  last_name: { elsewhere: ['sn', 'surname', 'familyname', 'lastname'], write: 'last_name: …' },
  nickname: { elsewhere: ['displayname', 'fullname', 'realname'], write: 'first_name and last_name, or nickname' },
  position: { elsewhere: ['title', 'jobtitle'], write: 'position: …' },
  locale: { elsewhere: ['lang', 'language', 'preferredlanguage'], write: 'locale: …' },
  timezone: { elsewhere: ['tz', 'zoneinfo'], write: 'timezone: { manualTimezone: … }' },
  notify_props: { elsewhere: ['notifications', 'notify'], write: 'notify_props: { … }' },
  roles: { elsewhere: ['role', 'groups', 'admin', 'isadmin', 'systemadmin'], write: 'roles: [system_user, …]' },
  auth: {
    elsewhere: ['authservice', 'authtype', 'authdata', 'sso', 'externalid', 'provider'],
    write: 'auth: { service: …, data: … }',
  },
  starts: { elsewhere: ['startdate', 'validfrom', 'hiredate'], write: 'starts: 2027-01-01' },
  ends: { elsewhere: ['enddate', 'validuntil', 'expires', 'expirydate'], write: 'ends: 2027-06-30' },
  previous_usernames: {
    elsewhere: ['aliases', 'oldusername', 'renamedfrom', 'formerusernames'],
    write: 'previous_usernames: [ … ]',
  },
  mfa: { elsewhere: ['mfaactive', 'mfaenabled', 'twofactor'], write: 'mfa: off' },
  expires_in: { elsewhere: ['expiresat', 'expiry', 'ttl', 'lifetime'], write: 'expires_in: 90d' },
  generation: { elsewhere: ['version', 'serial'], write: 'generation: …' },
};

/** Fields that say whether the account may sign in, and the values of them that mean no. */
const states: Readonly<Record<string, RegExp>> = {
  state: /^(?:absent|inactive|disabled|deactivated|deleted|suspended|off|false)$/i,
  ensure: /^absent$/i,
  status: /^(?:inactive|disabled|deactivated|deleted|suspended|left)$/i,
  enabled: /^(?:false|no|off|0)$/i,
  isactive: /^(?:false|no|off|0)$/i,
  accountenabled: /^(?:false|no|off|0)$/i,
  disabled: /^(?:true|yes|on|1)$/i,
  deactivated: /^(?:true|yes|on|1)$/i,
  suspended: /^(?:true|yes|on|1)$/i,
  deleted: /^(?:true|yes|on|1)$/i,
  deleteat: /^[1-9]\d*$/,
};

/**
 * What to write instead of another tool's field.
 *
 * @param known - fields of ours that may stand there
 * @param value - what the field says
 */
export function insteadOf(name: string, known: readonly string[], value: unknown): string | undefined {
  const plain = name.toLowerCase().replaceAll(/[_\s-]/g, '');
  if (known.includes('active') && Object.hasOwn(states, plain)) {
    return `active: ${states[plain]?.test(String(value)) === true ? 'false' : 'true'}`;
  }
  return known.map((field) => rows[field]).find((row) => row?.elsewhere.includes(plain) === true)?.write;
}
