/** Marks of tokens, rotation, dates that come, whom a state directory is believed, the journal on the disk. */
import type { Area } from './mutant.ts';

const mark = { file: 'model/token-mark.ts', noticedBy: ['model/token-mark'] };
const judge = { file: 'resources/token/definition-judge.ts', noticedBy: ['apply/tokens'] };
const tokens = { file: 'resources/token/definition.ts', noticedBy: ['resources/token/definition'] };
const scheduled = { file: 'plan/scheduled.ts', noticedBy: ['app/scheduled'] };
const trust = { file: 'journal/trust.ts', noticedBy: ['journal/trust'] };
const stateDir = { file: 'journal/state-dir.ts', noticedBy: ['journal/state-dir'] };
const journal = { file: 'journal/journal.ts', noticedBy: ['journal/journal'] };
const records = { file: 'journal/records.ts', noticedBy: ['journal/records'] };

export const marks: Area = {
  mutants: [
    {
      ...mark,
      text: 'return mark?.name === name && mark.generation === generation;',
      becomes: 'return mark?.name === name;',
      breaks: 'The token of an older generation passes for the new one.',
      noticedBy: ['apply/tokens', 'model/token-mark', 'resources/token/definition'],
    },
    {
      ...mark,
      text: ':([a-z0-9]{10})$/',
      becomes: ':([a-z0-9]{10})/',
      breaks: 'What only begins like a mark passes for a token of muster’s.',
    },
    {
      ...mark,
      text: 'const pattern = /^([a-z0-9]',
      becomes: 'const pattern = /([a-z0-9]',
      breaks: 'What only ends like a mark passes for a token of muster’s.',
    },
    {
      ...mark,
      text: '  if (!isRealDay(date)) return undefined;\n',
      becomes: '',
      breaks: 'A description with a day that is none ends a plan with a bug.',
    },
    {
      ...mark,
      text: '@([1-9][0-9]{0,4})',
      becomes: '@([0-9]{1,5})',
      breaks: 'One generation has several marks.',
    },
    {
      ...mark,
      text: '+ dayMs + overlapMs',
      becomes: '+ overlapMs',
      breaks: 'The old token of a rotation goes a day too early.',
    },
    {
      ...judge,
      text: 'return found === undefined\n',
      becomes: 'return found !== undefined || found === undefined\n',
      breaks: 'A token is made beside one that another run made.',
    },
    {
      ...judge,
      text: "return call.operation === 'revoke-token'\n      ? { go: 'already' }",
      becomes: "return call.operation !== 'create-token'\n      ? { go: 'already' }",
      breaks: 'A token that is gone counts as enabled.',
      noticedBy: ['apply/preconditions'],
    },
    {
      ...judge,
      text: "live.enabled === (call.operation === 'enable-token') ? { go: 'already' } : { go: 'write' }",
      becomes: "live.enabled !== (call.operation === 'enable-token') ? { go: 'already' } : { go: 'write' }",
      breaks: 'A token that should be disabled is left enabled, and told as done.',
      noticedBy: ['apply/preconditions'],
    },
    {
      ...judge,
      text: " || call.operation === 'create-token') return false;",
      becomes: ') return false;',
      breaks: 'A plan file counts a token as made whose secret is with somebody else.',
      noticedBy: ['plan/selection'],
    },
    {
      file: 'resources/token/runner.ts',
      text: '.filter(({ id }) => !lost.isRevoked(id))',
      becomes: '',
      breaks: 'A list that is late shows a revoked token as the one wanted.',
      noticedBy: ['apply/lagging-lists'],
    },
    {
      ...tokens,
      text: "change.class === 'token-revoke' && change.part_of === 'rotation' && other.class === 'token-create'",
      becomes: "change.class === 'token-revoke' && change.part_of === 'return' && other.class === 'token-create'",
      breaks: 'The old token goes although its successor is not made.',
      noticedBy: ['plan/rails/switches', 'plan/order'],
    },
    {
      ...tokens,
      text: 'return isSuccessor && tokenName(change) === tokenName(other) ?',
      becomes: 'return isSuccessor ?',
      breaks: 'The old token waits for the making of another.',
      noticedBy: ['resources/token/definition', 'plan/rails/switches'],
    },
    {
      ...tokens,
      text: 'if (person.live.user !== undefined && person.live.token === undefined && needsTokens(person)) {',
      becomes: 'if (person.live.user === undefined && person.live.token === undefined && needsTokens(person)) {',
      breaks: 'Tokens that were not read count as not there.',
    },
    {
      ...tokens,
      text: 'const foreign = tokensThere(person, policy).filter(isForeign);\n  if',
      becomes: 'const foreign = tokensThere(person, policy);\n  if',
      breaks: 'Tokens of muster’s are treated as foreign ones.',
    },
  ],
};

const declared = { file: 'resources/token/definition-declared.ts', noticedBy: ['resources/token/definition'] };
const renewal = { file: 'resources/token/definition-renewal.ts', noticedBy: ['apply/rotation-of-administrators'] };

export const rotation: Area = {
  mutants: [
    {
      ...declared,
      text: 'wanted.overlapMs === 0 || (successorDay !== undefined && momentMs >= dueMs)',
      becomes: 'wanted.overlapMs === 0 || successorDay !== undefined',
      breaks: 'The old token goes before its overlap is over.',
    },
    {
      ...declared,
      text: "part_of: returns ? 'return' : 'rotation'",
      becomes: "part_of: 'rotation'",
      breaks: 'Who comes back has their old token until the new one is made.',
    },
    {
      ...declared,
      text: 'if (newer.length > 0) {',
      becomes: 'if (newer.length > 1) {',
      breaks: 'A generation that was lowered makes an old token anew.',
    },
    {
      ...declared,
      text: 'const isSucceeded = one.successorDay !== undefined || isMade;',
      becomes: 'const isSucceeded = true;',
      breaks: 'The only token goes, and nothing takes its place.',
      noticedBy: ['resources/token/definition', 'resources/token/definition-expiry'],
    },
    {
      ...declared,
      text: 'const switched = wanted.enabled ? current : [...current,',
      becomes: 'const switched = wanted.enabled || current.length > 0 ? current : [...current,',
      breaks: 'A token that is disabled still signs in by the one that it replaced.',
    },
    {
      file: 'resources/token/definition.ts',
      text: '!live.enabled || listed.has(live.id) ||',
      becomes: '!live.enabled || listed.size > 0 ||',
      breaks: 'Who comes back has an older token again that still signs in.',
      noticedBy: ['resources/token/definition'],
    },
    {
      ...renewal,
      text: '(steps === 0 || steps === 1)',
      becomes: '(steps >= 0)',
      breaks: 'A token that skips generations counts as a rotation that nobody has to approve.',
    },
    {
      ...renewal,
      text: 'isUsable(one, momentMs) &&',
      becomes: '',
      breaks: 'A dead token of an administrator comes back to life without an approval.',
    },
    {
      ...renewal,
      text: 'issued.has(issuedKey({ account, token: one.id, terms }))',
      becomes: 'issued.size > 0',
      breaks: 'A token of an administrator goes to another place without an approval.',
    },
    {
      ...renewal,
      file: 'resources/token/definition-expiry.ts',
      text: 'expiresAt !== undefined && expiresAt <= momentMs;',
      becomes: 'expiresAt !== undefined && expiresAt <= 0;',
      breaks: 'A token that has ended counts as one that lives.',
    },
    {
      ...renewal,
      text: 'mark?.name === wanted.name ?',
      becomes: 'mark !== undefined ?',
      breaks: 'A new token counts as the successor of another one.',
    },
    {
      file: 'resources/token/definition-lineage.ts',
      text: 'one.generation === other.generation ? one.date < other.date',
      becomes: 'one.generation === other.generation ? one.date <= other.date',
      breaks: 'Two tokens of one day replace each other, and none is left.',
      noticedBy: ['apply/rotation', 'resources/token/definition'],
    },
    {
      file: 'resources/token/definition-lineage.ts',
      text: 'const dueMs = Math.min(byAge, byExpiry);',
      becomes: 'const dueMs = Math.max(byAge, byExpiry);',
      breaks: 'A token ends before its successor is made.',
      noticedBy: ['apply/rotation', 'resources/token/definition'],
    },
  ],
};

export const foresight: Area = {
  mutants: [
    {
      ...scheduled,
      file: 'model/dated-switches.ts',
      text: 'all.filter(({ atMs }) => atMs > momentMs)',
      becomes: 'all.filter(({ atMs }) => atMs > momentMs + 86_400_000)',
      breaks: 'What a date will do tomorrow is not shown today.',
    },
    {
      ...scheduled,
      text: 'return dates?.startsMs !== undefined && dates.startsMs <= momentMs;',
      becomes: 'return false;',
      breaks: 'Somebody who comes by date becomes administrator unseen.',
      noticedBy: ['cli/dated-administration'],
    },
    {
      file: 'app/earlier-plans.ts',
      text: 'if (history.started.unattended !== true) for',
      becomes: 'for',
      breaks: 'What only a loop without a person listed counts as shown.',
      noticedBy: ['daemon/reconcile'],
      titles: /only plans of the loop itself/,
    },
    {
      ...scheduled,
      text: 'change.concerns_admin !== undefined || isOwned(change)',
      becomes: 'isOwned(change)',
      breaks: 'A gain of administration in half a year is only counted.',
    },
    {
      ...scheduled,
      text: 'const then = personAfter(dated, changes, as, kinds);',
      becomes: 'const then = dated;',
      breaks: 'What happens after the first date is foreseen as if it had not come.',
    },
    {
      ...scheduled,
      text: 'courseOf(person, [], foresight)',
      becomes: '[]',
      breaks: 'What a date does where no apply ran before it is not shown.',
    },
    {
      ...scheduled,
      text: 'const ifAllPass = open.length === 0 ? [] :',
      becomes: 'const ifAllPass = open.length >= 0 ? [] :',
      breaks: 'What will happen once a blocked change passes is not shown.',
    },
    {
      ...scheduled,
      text: 'const isLater = person.desired.dates !== undefined || now.changes.some(isOwned);',
      becomes: 'const isLater = now.changes.some(isOwned);',
      breaks: 'What dates do is not shown.',
    },
    {
      ...scheduled,
      file: 'model/dated-switches.ts',
      text: '.toSorted((a, b) => a.atMs - b.atMs)',
      becomes: '.toSorted((a, b) => b.atMs - a.atMs)',
      breaks: 'Dates are foreseen in the wrong order: who comes and goes stays.',
    },
    {
      ...scheduled,
      text: 'const { owedRoles: _given, ...others } = person;\n  return { ...others,',
      becomes: 'return { ...person,',
      breaks: 'Roles that are given today are foreseen again.',
      noticedBy: ['cli/dated-administration', 'plan/unusable'],
    },
  ],
};

export const trusted: Area = {
  mutants: [
    {
      ...trust,
      text: '  if (isInPipeline(env)) return false;\n',
      becomes: '',
      breaks: 'On a runner a branch brings a journal that is believed.',
    },
    {
      ...trust,
      text: 'real.startsWith(`${home}${sep}`) &&',
      becomes: 'real.startsWith(home) &&',
      breaks: 'A folder beside the state home is believed.',
      noticedBy: ['journal/trust', 'app/trust'],
    },
    {
      ...trust,
      text: '(found.mode & 0o077) === 0',
      becomes: '(found.mode & 0o007) === 0',
      breaks: 'A folder that a group may write into is believed.',
    },
    {
      ...trust,
      text: "if (!isOwn) throw new StateNotSignedError({ is: 'no-signature'",
      becomes: "if (isOwn) throw new StateNotSignedError({ is: 'no-signature'",
      breaks: 'A journal without a signature is believed wherever it lies.',
      noticedBy: ['app/trust'],
    },
    {
      ...trust,
      text: "if (!isOwn) throw new StateNotSignedError({ is: 'other-token'",
      becomes: "if (isOwn) throw new StateNotSignedError({ is: 'other-token'",
      breaks: 'A journal that another token signed is believed wherever it lies.',
      noticedBy: ['app/trust'],
    },
    {
      ...trust,
      text: 'if (!isOwn) throw new StateTamperedError(',
      becomes: 'if (isOwn) throw new StateTamperedError(',
      breaks: 'A journal that was edited is believed wherever it lies.',
      noticedBy: ['app/trust'],
    },
    {
      ...trust,
      text: 'if (!(error instanceof NotBelievedError)) throw error;',
      becomes: 'if (error === undefined) throw error;',
      breaks: 'A journal that is broken is passed over.',
      noticedBy: ['app/trust', 'apply/resume'],
    },
    {
      file: 'app/apply-plan-file.ts',
      text: '(isOwn && (await isPlanNoted(state.dir, digest))) ||',
      becomes: '(await isPlanNoted(state.dir, digest)) ||',
      breaks: 'A state directory that came from elsewhere keeps a plan from being used.',
      noticedBy: ['app/trust'],
    },
    {
      file: 'app/apply-plan-file.ts',
      text: '|| (await isPlanNotedOnServer(client, caller.id, digest));',
      becomes: ';',
      breaks: 'A plan is used a second time by another runner.',
      noticedBy: ['cli/plan-files'],
    },
    {
      file: 'resources/server/plan-uses.ts',
      text: 'const keepMs = longestLifetimeMs + dayMs;',
      becomes: 'const keepMs = 2 * dayMs;',
      breaks: 'A plan file that is valid for a week is carried out twice by two runners.',
      noticedBy: ['resources/server/plan-uses'],
    },
    {
      file: 'app/moment.ts',
      text: 'startOf(at, policy.timeZone)',
      becomes: "startOf(at, 'UTC')",
      breaks: 'A plan of a day leaves out what is due on that day.',
      noticedBy: ['app/moment', 'cli/plan-files'],
    },
    {
      file: 'journal/declared-memory.ts',
      text: '  refuseUnlessBelieved(trust, fileName, signer.check(canonicalJson(signed), mac));\n',
      becomes: '',
      breaks: 'Anybody decides who was declared before.',
      noticedBy: ['app/edited-memory.long', 'app/trust'],
    },
    {
      file: 'journal/declared-text.ts',
      text: "  if (signer.check(signed, text.slice(macAt, macAt + macLength)) !== 'fits') return undefined;\n",
      becomes: '',
      breaks: 'A memory that is written as muster writes it is believed, whatever its signature.',
      noticedBy: ['journal/declared-text'],
    },
    {
      ...stateDir,
      text: '(found.mode & 0o022) !== 0',
      becomes: '(found.mode & 0o002) !== 0',
      breaks: 'A group may write journals.',
    },
    {
      ...stateDir,
      text: '...foldersAbove(await realpath(dir))',
      becomes: '...foldersAbove(dir)',
      breaks: 'A link leads to a folder that everybody may exchange.',
    },
    {
      ...stateDir,
      text: "if (systemCodeOf(error) === 'EEXIST') return false;\n    throw error;",
      becomes: 'return true;',
      breaks: 'A plan is used twice.',
    },
    {
      ...journal,
      text: '      await this.#file.sync();\n',
      becomes: '',
      breaks: 'An intent is lost with the power, and the call was made.',
    },
    {
      ...journal,
      text: 'if (this.#failure !== undefined) throw this.#failure;\n    const lines',
      becomes: 'const lines',
      breaks: 'After a line that was lost calls go on, and the chain is broken.',
      noticedBy: ['journal/journal', 'apply/full-disk'],
    },
    {
      ...journal,
      text: 'this.#waiting = undefined;\n        return this.#writeOut();',
      becomes: 'return this.#writeOut().finally(() => {\n          this.#waiting = undefined;\n        });',
      breaks: 'An intent that comes during a flush counts as flushed.',
    },
    {
      ...records,
      text: '|| hashOf(chained(head, hashed)) !== hash) return',
      becomes: ') return',
      breaks: 'A line that was edited or moved is believed.',
    },
    {
      ...records,
      text: "return (this.#records.length === 0) === (line.record.type === 'started') ? line : 'changed';",
      becomes: 'return line;',
      breaks: 'A journal may begin in its middle.',
    },
    {
      ...records,
      text: 'this.#signature = worstSignature(this.#signature, signature);',
      becomes: 'this.#signature = signature;',
      breaks: 'The last line decides whether a journal is believed.',
    },
  ],
};
