/** What muster reconcile must not do, or must say. */
import type { Area } from './mutant.ts';

const loop = ['daemon/reconcile'];

export const reconcile: Area = {
  mutants: [
    {
      file: 'daemon/windows.ts',
      text: "return isAllowed && !windows.some((one) => one.rule === 'deny' && isInside(one));",
      becomes: 'return isAllowed;',
      breaks: 'A deny window blocks nothing.',
      noticedBy: ['daemon/windows'],
    },
    {
      file: 'daemon/windows.ts',
      text: 'from({ length: ahead + 2 }, (_, i) => today + (i - 1) * dayMs)',
      becomes: 'from({ length: ahead + 1 }, (_, i) => today + i * dayMs)',
      breaks: 'A window over midnight ends at midnight.',
      noticedBy: ['daemon/windows'],
    },
    {
      file: 'daemon/contested.ts',
      text: 'const maxWrites = 2;',
      becomes: 'const maxWrites = 3;',
      breaks: 'A fight goes on for a third write.',
      noticedBy: loop,
    },
    {
      file: 'daemon/class-quarantine.ts',
      text: "new Set(['budget', 'quarantine'])",
      becomes: "new Set(['budget'])",
      breaks: 'A class that was over its budget goes on as soon as it would fit.',
      noticedBy: loop,
    },
    {
      file: 'model/reconcile-health.ts',
      text: "if (nowMs - Date.parse(beat) >= patienceMs) return { is: 'stale', reason: 'silent' };",
      becomes: '',
      breaks: 'A process that hangs leaves behind that all is well.',
      noticedBy: ['daemon/endpoints'],
    },
    {
      file: 'app/git-checkout.ts',
      text: 'if (before !== undefined && before !== commit && !source.followsRewrites) {',
      becomes: 'if (before === commit && !source.followsRewrites) {',
      breaks: 'A branch that was rewritten is followed.',
      noticedBy: ['daemon/checkout.long'],
      titles: /a branch that was rewritten/,
    },
    {
      file: 'app/git-checkout.ts',
      text: "if (signature.state === 'verified') return;",
      becomes: "if (signature.state !== 'unsigned') return;",
      breaks: 'A signature by any key counts.',
      noticedBy: ['daemon/checkout.long'],
      titles: /only a commit that one of the listed keys/,
    },
    {
      file: 'daemon/cycle.ts',
      text: 'const named = checkout === undefined ? servers.slice(0, 1) : servers;',
      becomes: 'const named = servers.slice(0, 1);',
      breaks: 'A checkout may name another server.',
      noticedBy: ['daemon/checkout.long'],
      titles: /a checkout cannot send the token elsewhere/,
    },
    {
      file: 'config/settings.ts',
      text: 'machine === undefined ? sources.config : configOnMachine(sources.config, machine.config)',
      becomes: 'sources.config',
      breaks: 'A checkout defines commands that run on the machine.',
      noticedBy: ['daemon/checkout.long'],
      titles: /a checkout runs nothing/,
    },
    {
      file: 'daemon/loop.ts',
      text: 'if (putOffMs !== undefined) {',
      becomes: 'if (putOffMs === Number.NaN) {',
      breaks: 'Single cycles ask a server without end that is down.',
      noticedBy: ['daemon/once.long'],
      titles: /single cycles of a server that is down/,
    },
  ],
};
