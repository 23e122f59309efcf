/** What a warm read may take from a full one before. */
import type { Area } from './mutant.ts';

const rules = ['live/refresh-people'];
const kept = ['journal/people-cache'];
const whole = ['app/warm-reads'];

export const warmReads: Area = {
  mutants: [
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'Math.min(serverStartedMs, newest) - marginMs',
      becomes: 'Math.max(serverStartedMs, newest) - marginMs',
      breaks: 'A proxy whose clock is ahead hides what was changed after the full read.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'Math.min(serverStartedMs, newest) - marginMs',
      becomes: 'Math.min(serverStartedMs, newest)',
      breaks: 'A change that was being written while the server was read is never seen.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'total !== seen.total + newPeople.length + newBots.length',
      becomes: 'false',
      breaks: 'A person who was deleted for good still counts as there.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'newest.length >= newestShown && newest.every(({ createdMs }) => createdMs > sinceMs)',
      becomes: 'false',
      breaks: 'People who are new beyond the list of the newest make up for as many who were deleted.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: '!isBot && !isRemote && !botIds.has(id)',
      becomes: '!isBot && !isRemote',
      breaks: 'A person who was made a bot is planned for as a person.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'if (updatedMs(live) < updatedMs(this.account(live.id))) return false;',
      becomes: '',
      breaks: 'After a restore of the server the plan rests on what was there before it.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: '[...expected].every((id) => answered.has(id))',
      becomes: 'true',
      breaks: 'An account that the server no longer shows by its name still counts as there.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: '...namesToAsk(desired).filter((name) => !isHeld(name)),',
      becomes: '',
      breaks: 'Who got a wanted name after the full read is not found, and a second account is planned.',
    },
    {
      file: 'live/refresh-people.ts',
      noticedBy: rules,
      text: 'return wanted.every((one) => fresh.has(one) && !old.has(one));',
      becomes: 'return true;',
      breaks: 'Sign-in data that went to another account are looked for where they were.',
    },
    {
      file: 'model/user-attributes.ts',
      noticedBy: rules,
      text: `    // Imports into the server and plugins write them by themselves.
    movesUpdateTime: false,`,
      becomes: '    movesUpdateTime: true,',
      breaks: 'Notification settings that an import changed are seen hours later.',
    },
    {
      file: 'model/user-attributes.ts',
      noticedBy: rules,
      text: 'movesUpdateTime: ({ service, data }) => service === emailLogin.service && data === undefined,',
      becomes: 'movesUpdateTime: true,',
      breaks: 'Sign-in data that a server set back are seen hours later.',
    },
    {
      file: 'model/user-attributes.ts',
      noticedBy: rules,
      text: 'movesUpdateTime: ({ service, data }) => service === emailLogin.service && data === undefined,',
      becomes: 'movesUpdateTime: false,',
      breaks: 'A warm read of an imported file asks for everybody.',
    },
    {
      file: 'live/warm-reader.ts',
      noticedBy: whole,
      text: 'if (before === undefined || serverStartedMs === undefined) return undefined;\n      const after = await censusOf(inner, source);\n      if (after === undefined || canonicalJson(before) !== canonicalJson(after)) return undefined;',
      becomes:
        'if (before === undefined || serverStartedMs === undefined) return undefined;\n      const after = await censusOf(inner, source);\n      if (after === undefined) return undefined;',
      breaks: 'Who was deleted while everything was read is kept as there.',
    },
    {
      file: 'live/warm-reader.ts',
      noticedBy: whole,
      text: 'return open.every((live) => isSame(live, now.get(live.id)));',
      becomes: 'return true;',
      breaks: 'A plan shows a change of a person whom the server has long shown otherwise.',
    },
    {
      file: 'app/read-warmly.ts',
      noticedBy: whole,
      text: "if (startedMs < notBeforeMs) return 'put-back';",
      becomes: '',
      breaks: 'Whoever may write into the state directory can put an older state of it back.',
    },
    {
      file: 'app/read-warmly.ts',
      noticedBy: whole,
      text: "if (nowMs - startedMs >= fullReadMs) return 'too-old';",
      becomes: '',
      breaks: 'What no time of a change tells of is never read again.',
    },
    {
      file: 'app/read-warmly.ts',
      noticedBy: whole,
      text: 'passedMs < 0 || Math.abs(serverNowMs - serverStartedMs - passedMs) > clockSlackMs',
      becomes: 'false',
      breaks: 'After the clock of the server was put back, changes are not seen until it has made up for it.',
    },
    {
      file: 'app/read-warmly.ts',
      noticedBy: whole,
      text: 'if (warm === undefined || record || older !== undefined) return await compare();',
      becomes: 'if (warm === undefined || older !== undefined) return await compare();',
      breaks: 'What is kept as evidence of a moment is of an earlier one.',
    },
    {
      file: 'journal/signed-cache.ts',
      noticedBy: kept,
      text: "key.signerOf(name).check(text, file.slice(end, -1)) === 'fits'",
      becomes: 'true',
      breaks: 'Whoever may write into the state directory tells muster who is on the server.',
    },
    {
      file: 'journal/people-cache.ts',
      noticedBy: kept,
      text: "head['version'] !== version || canonicalJson(head['origin']) !== canonicalJson(origin)",
      becomes: "head['version'] !== version",
      breaks: 'What is kept of one server, or of what another caller sees, counts on another.',
    },
  ],
};
