/** Whom an entry means, and what is left alone for an entry that cannot be used. */
import type { Area } from './mutant.ts';

const match = { file: 'match/match-people.ts', noticedBy: ['match/match-people'] };
const index = { file: 'model/account-index.ts', noticedBy: ['match/match-people'] };
const unusable = { file: 'plan/unusable.ts', noticedBy: ['plan/unusable'] };

export const identity: Area = {
  mutants: [
    {
      ...match,
      text: "return live === undefined ? noHits : [{ live, keys: ['id'] }];",
      becomes: "if (live !== undefined) return [{ live, keys: ['id'] }];",
      breaks: 'An id that is of another server is passed over, and the name decides.',
    },
    {
      ...match,
      text: 'if (hits.length > 1) {',
      becomes: 'if (hits.length > 2) {',
      breaks: 'Of two accounts that an entry hits the first one is written to.',
    },
    {
      ...index,
      text: 'this.#byAuth.set(keyOf(auth), live);',
      becomes: 'this.#byAuth.set(auth.data, live);',
      breaks: 'Nobody is known by the data of their sign-in.',
    },
    {
      ...index,
      text: '`${service} ${data}`',
      becomes: '`saml ${data}`',
      breaks: 'A person is known by the data of another service.',
    },
    {
      ...match,
      text: 'if (seen.has(live)) twice.add(live);',
      becomes: 'if (seen.has(live) && own.length > 1) twice.add(live);',
      breaks: 'An account that two entries mean stays with both.',
    },
    {
      ...match,
      text: 'auth?.data !== undefined || previousUsernames.length > 0) return undefined;',
      becomes: 'previousUsernames.length > 0) return undefined;',
      breaks: 'Whose auth data an entry names is not looked at where name and e-mail fit another account.',
    },
    {
      ...match,
      text: 'auth?.data !== undefined || previousUsernames.length > 0) return undefined;',
      becomes: 'auth?.data !== undefined) return undefined;',
      breaks: 'An account that has a previous username is missed where name and e-mail fit another one.',
    },
    {
      ...match,
      text: 'live !== undefined && live === index.byEmail(email) ?',
      becomes: 'live !== undefined ?',
      breaks: 'A name alone decides whose account it is.',
    },
    {
      ...match,
      text: 'if (live.isBot || live.isRemote) {',
      becomes: 'if (live.isBot) {',
      breaks: 'An account of a connected server is written to.',
    },
    {
      ...match,
      text: 'if (user.adopt || !isNamesake(user, hit)) return undefined;',
      becomes: 'if (!user.adopt || !isNamesake(user, hit)) return undefined;',
      breaks: 'A namesake is taken for the person.',
    },
    {
      ...match,
      text: 'against === 2 : against > 0',
      becomes: 'against === 2 : against > 1',
      breaks: 'An inactive account of somebody else who had the name is brought back to life.',
    },
    {
      ...match,
      text: 'live.values.active || user.values.active === false ?',
      becomes: 'live.values.active ?',
      breaks: 'The apply after a deactivation doubts who the person is.',
    },
    {
      ...match,
      text: 'known.isHidden !== true && auth.data !== known.data',
      becomes: 'auth.data !== known.data',
      breaks: 'A server that hides auth data makes strangers of everybody.',
    },
    {
      ...match,
      text: 'if (previous === undefined) {',
      becomes: 'if (previous === undefined || previous.desired.username !== match.desired.username) {',
      breaks: 'Two entries write to one account, each undoing the other.',
    },
    {
      ...match,
      text: 'const everyone = everyUser(desired);',
      becomes: 'const everyone = desired.users;',
      breaks: 'The account of an unusable entry is taken by another who bore its name.',
      noticedBy: ['plan/unusable', 'match/match-people'],
    },
    {
      ...match,
      text: '=> (own.length > 1 ? byNameAlone(hit) : byCurrentNameAlone(hit)) && isTaken(others)',
      becomes: '=> byNameAlone(hit) && isTaken(others)',
      breaks: 'Of two who say that they bore a name neither is doubted.',
    },
    {
      ...match,
      text: 'others.some(({ hit, isOnly }) => isOnly && !byCurrentNameAlone(hit))',
      becomes: 'others.some(({ hit }) => !byCurrentNameAlone(hit))',
      breaks: 'Somebody loses their account to an entry that may mean another.',
    },
    {
      ...match,
      text: "if (account.values.active) return wanted ? 'stays' : 'leaves';\n  return wanted ? 'returns' : 'stays-away';",
      becomes:
        "if (account.values.active) return wanted ? 'stays' : 'leaves';\n  return wanted ? 'stays' : 'stays-away';",
      breaks: 'Who comes back is let in with the roles and tokens of before.',
      noticedBy: ['plan/make-plan'],
    },
    {
      ...match,
      text: 'const wanted = desired.values.active ?? account.values.active;',
      becomes: 'const wanted = desired.values.active ?? true;',
      breaks: 'An entry that does not speak of it brings an inactive account back.',
      noticedBy: ['plan/make-plan'],
    },
    {
      ...match,
      text: 'unusable: entries.map((entry) => ({ ...entry, accounts: hit.get(entry) ?? [] })),',
      becomes: 'unusable: entries.map((entry) => ({ ...entry, accounts: [] })),',
      breaks: 'Nothing tells which accounts are left alone for an unusable entry.',
      noticedBy: ['plan/unusable'],
    },
    {
      ...match,
      text: 'if (match.account !== undefined || only === undefined || others.length > 0) return { ...match, doubtedBy };',
      becomes: 'if (match.account !== undefined || only === undefined || others.length > 0) return match;',
      breaks: 'An account is written to that an unusable entry may mean.',
      noticedBy: ['plan/unusable'],
    },
    {
      file: 'model/unusable.ts',
      text: '      `email ${email}`,\n      ...(auth.data',
      becomes: '      ...(auth.data',
      breaks: 'The account with the e-mail of an unusable entry is not left alone.',
      noticedBy: ['plan/unusable'],
    },
    {
      file: 'model/unusable.ts',
      text: 'for (const name of usernames) this.#add(`username ${name}`, entry);',
      becomes: 'for (const name of [...usernames].slice(0, 1)) this.#add(`username ${name}`, entry);',
      breaks: 'The account with a former name of an unusable entry is not left alone.',
      noticedBy: ['plan/unusable'],
    },
    {
      ...unusable,
      text: 'if (wanted === undefined) return undefined;',
      becomes: "if (wanted === undefined || change.class === 'create') return undefined;",
      breaks: 'A new account takes the name that an unusable entry wants.',
    },
    {
      ...unusable,
      text: 'person !== undefined && accounts.length === 0 && user?.values.active !== false',
      becomes: 'person !== undefined && accounts.length > 0 && user?.values.active !== false',
      breaks: 'Seats are given away that new people need whose entries cannot be used.',
      noticedBy: ['plan/unusable', 'plan/rails/seats'],
    },
    {
      ...unusable,
      text: 'entry.accounts.some((live) => accounts.has(live)) ||',
      becomes: '',
      breaks: 'A run for one person says nothing of an entry that may mean their account.',
      noticedBy: ['plan/unusable', 'cli/unusable'],
    },
    {
      file: 'plan/not-declared.ts',
      text: 'usernames: [values.username] }) && doubts.about(user).length === 0;',
      becomes: 'usernames: [values.username] });',
      breaks: 'An account is called undeclared that an unusable entry may declare.',
      noticedBy: ['plan/unusable', 'plan/not-declared'],
    },
    {
      file: 'plan/make-plan.ts',
      text: 'if (problems.size === 0) return { matching, context, found };',
      becomes: 'return { matching, context, found };',
      breaks: 'An entry that the server shows to be unusable is carried out in part.',
      noticedBy: ['plan/unusable', 'plan/make-plan'],
    },
  ],
};
