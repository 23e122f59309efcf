/** What an audit says that is not so: access at a moment, the loss of access, who approved. */
import type { Area } from './mutant.ts';

const known = { file: 'audit/access/known.ts', noticedBy: ['audit/access/known'] };
const loss = { file: 'audit/chain/loss.ts', noticedBy: ['audit/chain/loss'] };
const approved = { file: 'audit/chain/approved.ts', noticedBy: ['audit/chain/approved'] };
const reads = { file: 'live/read-audit.ts', noticedBy: ['live/read-audit'] };
const gpg = { file: 'app/run-gpg.ts', noticedBy: ['app/commit-signature'] };

export const audits: Area = {
  mutants: [
    {
      ...reads,
      text: 'read === undefined ? {} : { before: read.before, after: read.after }',
      becomes: '{}',
      breaks: 'A report does not show what the server counted beside what was read.',
    },
    {
      ...reads,
      text: 'if (flaw === undefined) return read;',
      becomes: 'return read;',
      breaks: 'People whose activity a listing left out are called unused.',
    },
    {
      ...reads,
      text: '!isRemote && (!values.active || (owned.token.get(id)?.length ?? 0) > 0)',
      becomes: '!isRemote && !values.active',
      breaks: 'A token that is used is called one without a session.',
    },
    {
      ...known,
      text: 'one.isWhole && provesAt(one, atMs)',
      becomes: 'provesAt(one, atMs)',
      breaks: 'A reading of a part tells the whole.',
    },
    {
      ...known,
      text: '=> beganMs - marginMs;',
      becomes: '=> beganMs;',
      breaks: 'A list that a replica gave tells of a moment that it did not know.',
    },
    {
      ...known,
      text: 'sight.sinceMs !== undefined && sight.sinceMs <= atMs && atMs',
      becomes: 'sight.sinceMs !== undefined && atMs',
      breaks: 'What someone has now, they always had.',
    },
    {
      ...known,
      text: 'sight.sinceMs <= atMs && atMs <= provenUntil(sight);',
      becomes: 'sight.sinceMs <= atMs;',
      breaks: 'What someone had once, they still have.',
    },
    {
      ...known,
      text: 'traces.keysComeOnce ? thereAt(traces, atMs) : []',
      becomes: 'thereAt(traces, atMs)',
      breaks: 'A role that was taken and given back was there in between.',
    },
    {
      ...known,
      text: 'deed.afterMs + marginMs <= atMs',
      becomes: 'deed.afterMs <= atMs',
      breaks: 'The clocks of two machines have to be the same.',
    },
    {
      ...known,
      text: 'one.endedMs + marginMs <= atMs',
      becomes: 'one.endedMs <= atMs',
      breaks: 'A reading tells of the minute after it.',
    },
    {
      ...known,
      text: 'atMs <= deed.beforeMs - marginMs',
      becomes: 'atMs <= deed.beforeMs',
      breaks: 'A token is there in the minute in which it was revoked.',
    },
    {
      ...known,
      text: 'isShown(key) && isShownLater(key)',
      becomes: 'isShown(key)',
      breaks: 'A token that was seen once is there for ever.',
    },
    {
      ...known,
      text: 'isShown(key) && isShownLater(key)',
      becomes: 'isShownLater(key)',
      breaks: 'A token was there before it was made.',
    },
    {
      ...known,
      text: "deed.what === 'given' && deed.key === key",
      becomes: 'deed.key === key',
      breaks: 'The end of a token tells that it was made.',
    },
    {
      ...known,
      text: "deed.what === 'given' && deed.key === key",
      becomes: "deed.what === 'given'",
      breaks: 'One token tells of another.',
    },
    {
      ...known,
      text: "deed.what === 'taken' && deed.key === key",
      becomes: 'deed.key === key',
      breaks: 'The making of a token tells that it was there before.',
    },
    {
      ...known,
      text: "grants.length > 0 ? 'partly' : 'unknown'",
      becomes: "grants.length > 0 ? 'known' : 'unknown'",
      breaks: 'What may be more is told as all.',
    },
    {
      ...known,
      text: "state: isHeld ? 'held' : 'off'",
      becomes: "state: 'held'",
      breaks: 'A disabled token is told as one that works.',
    },
    {
      ...known,
      text: 'isHeld ? [[key, text] as const] : []',
      becomes: '[[key, text] as const]',
      breaks: 'A token is told by what was true of it at another time.',
    },
    {
      ...loss,
      text: 'if (lost.toMs <= limitMs)',
      becomes: 'if (lost.fromMs <= limitMs)',
      breaks: 'Who was let in again counts as gone in time.',
    },
    {
      ...loss,
      text: 'if (lost.fromMs > limitMs)',
      becomes: 'if (lost.toMs > limitMs)',
      breaks: 'What nothing tells is told as late.',
    },
    {
      ...loss,
      text: "verdict: readMs <= limitMs ? 'open' : 'late'",
      becomes: "verdict: readMs > 0 ? 'open' : 'late'",
      breaks: 'A leaver who still has access is never late.',
    },
    {
      ...loss,
      text: "if (readMs < ended.ms) return { verdict: 'not-due', text: 'access has not ended yet', ...told };",
      becomes: '',
      breaks: 'A person who has not left yet is told as one whose access is open.',
    },
    {
      ...loss,
      text: ' || left.length > 0) return undefined;',
      becomes: ') return undefined;',
      breaks: 'A leaver with a session counts as gone.',
    },
    {
      ...loss,
      text: 'if (isActive || inactiveSinceMs === undefined',
      becomes: 'if (inactiveSinceMs === undefined',
      breaks: 'A leaver who was let in again counts as gone.',
    },
    {
      ...loss,
      text: 'Math.max(isAgain ? deactivatedMs : inactiveSinceMs, tokensMs)',
      becomes: 'Math.max(inactiveSinceMs, tokensMs)',
      breaks: 'A second deactivation makes a leaver late who was gone in time.',
    },
    {
      ...loss,
      text: 'toMs: Math.max(inactiveSinceMs, tokensMs)',
      becomes: 'toMs: inactiveSinceMs',
      breaks: 'A token that worked for longer is forgotten.',
    },
    {
      ...loss,
      text: 'ended.ms + leaverHours * hourMs',
      becomes: 'ended.ms',
      breaks: 'The hours that the policy allows do not count.',
    },
    {
      ...loss,
      text: 'Math.ceil(Math.abs(ms) / hourMs)',
      becomes: 'Math.floor(Math.abs(ms) / hourMs)',
      breaks: 'What is over the limit looks as if it kept it.',
    },
    {
      ...approved,
      text: 'if (isKnownAs(proven.identity, names))',
      becomes: 'if (isKnownAs(proven.identity, []))',
      breaks: 'A person approves their own access.',
    },
    {
      ...approved,
      text: 'if (isKnownAs(proven.identity, authors))',
      becomes: 'if (isKnownAs(proven.identity, []))',
      breaks: 'An author approves their own change.',
    },
    {
      ...approved,
      text: '[declared.author.email, declared.committer.email]',
      becomes: '[declared.author.email]',
      breaks: 'Another author’s name lets a person approve their own change.',
    },
    {
      ...approved,
      text: 'if (key === undefined || !isMerge || !trusted.merges.has(key)) return undefined;',
      becomes: 'if (key === undefined || !isMerge) return undefined;',
      breaks: 'Anyone approves under the name of another.',
    },
    {
      ...approved,
      text: 'if (key === undefined || !isMerge || !trusted.merges.has(key)) return undefined;',
      becomes: 'if (key === undefined || !trusted.merges.has(key)) return undefined;',
      breaks: 'Who wrote a commit is told as who approved it.',
    },
    {
      ...approved,
      text: "signature.state === 'verified' ? signature.key : undefined",
      becomes: 'signature.key',
      breaks: 'A key that no one trusts proves an approval.',
    },
    {
      file: 'model/authorship.ts',
      text: 'return others.length === 0 ? name : undefined;',
      becomes: 'return name;',
      breaks: 'One of two people is told as who signed.',
      noticedBy: ['audit/chain/approved'],
    },
    {
      ...gpg,
      text: 'if (why !== undefined) return { why };',
      becomes: '',
      breaks: 'What gpg refuses is not told as it is.',
    },
    {
      ...gpg,
      text: "if (!soundHashes.has(hash)) return { why: 'it uses a weak hash' };",
      becomes: '',
      breaks: 'A signature that can be forged counts.',
    },
    {
      ...gpg,
      text: "'--no-default-keyring', '--keyring', keyring,",
      becomes: "'--keyring', keyring,",
      breaks: 'Keys count that no config lists.',
    },
    {
      file: 'config/run-git.ts',
      text: "    GIT_GRAFT_FILE: '/dev/null',\n",
      becomes: '',
      breaks: 'A file of the repository decides which commit brought a line.',
      noticedBy: ['app/git-history.long'],
    },
    {
      file: 'runs/story.ts',
      text: "...(written !== undefined && written !== 'no' && { written }),",
      becomes: '',
      breaks: 'A change that was written and not read back is told as one that never was.',
      noticedBy: ['runs/story'],
    },
  ],
};
