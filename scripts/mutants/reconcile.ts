/** What muster reconcile must not do, or must say. */
import type { Area } from './mutant.ts';

const loop = ['daemon/reconcile'];

const setBack = [
  {
    file: 'daemon/keeper.ts',
    text: 'return { ...afterSetBack(this.#state, nowMs), beat',
    becomes: 'return { ...this.#state, beat',
    breaks: 'Memory keeps the moments of a clock that was set back.',
  },
  {
    file: 'daemon/keeper.ts',
    text: 'Math.abs(nowMs - this.#writtenMs)',
    becomes: 'nowMs - this.#writtenMs',
    breaks: 'A process whose clock was set back does not write down that it works.',
  },
  {
    file: 'daemon/loop.ts',
    text: 'const known = before === undefined ? state : afterSetBack(before, nowMs);',
    becomes: 'const known = before ?? state;',
    breaks: 'A cycle waits for a moment that a wrong clock made.',
  },
  {
    file: 'daemon/loop.ts',
    text: '(due = dueAfterSetBack(due, watch.setBackMs(), schedule, clock.now()))',
    becomes: 'due',
    breaks: 'A loop stands still for as long as its clock was set back.',
  },
  {
    file: 'daemon/queue-fleet.ts',
    text: 'due.set(name, dueAfterSetBack(known, setBackMs, schedule, clock.now()))',
    becomes: 'due.set(name, known)',
    breaks: 'The schedule of workers stands still for as long as its clock was set back.',
  },
  {
    file: 'model/reconcile-health.ts',
    text: 'Math.abs(nowMs - Date.parse(beat))',
    becomes: '(nowMs - Date.parse(beat))',
    breaks: 'A process that hangs is well until a moment that a wrong clock made.',
  },
].map((mutant) => ({ ...mutant, noticedBy: ['daemon/set-back'] }));

const fullState = [
  {
    file: 'daemon/loop.ts',
    text: 'await keepOrTell(keeper, { ...after.state, next: isoOf(due.atMs) }, ports);',
    becomes: 'await keeper.keep({ ...after.state, next: isoOf(due.atMs) });',
    breaks: 'A state directory that is full ends the process.',
  },
  {
    file: 'daemon/loop.ts',
    text: " || systemCodeOf(error.cause) === 'ENOENT') throw error;",
    becomes: ') throw error;',
    breaks: 'A process works on whose lock is gone.',
  },
  {
    file: 'daemon/cycle.ts',
    text: 'const error = asTold(thrown);',
    becomes: 'const error = thrown;',
    breaks: 'What this machine refuses once ends the process.',
  },
].map((mutant) => ({ ...mutant, noticedBy: ['daemon/full-state'] }));

const settings = [
  {
    file: 'config/reconcile-settings.ts',
    text: "'cron' in schedule ? 0 : Math.min(",
    becomes: "'cron' in schedule ? Number.NaN : Math.min(",
    breaks: 'A cycle whose moments are named begins at no moment.',
  },
  {
    file: 'config/reconcile-settings.ts',
    text: 'Math.min(maxDefaultJitterMs, Math.floor(schedule.everyMs / 10))',
    becomes: 'Math.floor(schedule.everyMs / 10)',
    breaks: 'A cycle of each day begins more than two hours late.',
  },
  {
    file: 'config/reconcile-settings.ts',
    text: "flags.mode ?? reconcile.mode ?? 'observe'",
    becomes: "reconcile.mode ?? flags.mode ?? 'observe'",
    breaks: 'A file that says enforce writes, though the person who runs it said observe.',
  },
  {
    file: 'config/reconcile-settings.ts',
    text: '(reconcile.windows ?? []).map((one) => windowOf(one, timeZone))',
    becomes: "(reconcile.windows ?? []).map((one) => windowOf(one, 'UTC'))",
    breaks: 'Windows are read in another time zone than they were written for.',
  },
  {
    file: 'config/reconcile-settings.ts',
    text: 'untilMs: endOf(suspend.until, timeZone)',
    becomes: "untilMs: endOf(suspend.until, 'UTC')",
    breaks: 'A suspend ends hours before its day does.',
  },
].map((mutant) => ({ ...mutant, noticedBy: ['config/reconcile-settings'] }));

const words = [
  {
    text: "  server: 'machine-first',",
    becomes: "  server: 'checkout',",
    breaks: 'A commit makes the token go to another server.',
  },
  {
    text: "  secrets: 'machine',",
    becomes: "  secrets: 'machine-first',",
    breaks: 'A commit names the commands that run on a machine which names none.',
  },
  {
    text: "  git: 'machine',",
    becomes: "  git: 'machine-first',",
    breaks: 'A commit names the branch that the next cycle takes.',
  },
  {
    text: 'together(hasSchedule ? rest : own, machine, reconcileWords)',
    becomes: 'together(own, machine, reconcileWords)',
    breaks: 'A machine that names its interval works by the moments of the checkout.',
  },
].map((mutant) => ({ ...mutant, file: 'config/machine.ts', noticedBy: ['config/machine'] }));

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
      text: '    if (room < 0) break;\n',
      becomes: '',
      breaks: 'After a cycle that writes very much no process can read what it knows.',
      noticedBy: ['daemon/contested'],
    },
    {
      file: 'daemon/contested.ts',
      text: '...all.filter(isSuspect), ...all.filter((other) => !isSuspect(other)).toReversed()',
      becomes: '...all.toReversed()',
      breaks: 'A fight is forgotten where much else is written.',
      noticedBy: ['daemon/contested'],
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
      text: "if (Math.abs(nowMs - Date.parse(beat)) >= patienceMs) return { is: 'stale', reason: 'silent' };",
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
    ...settings,
    ...words,
    ...setBack,
    ...fullState,
  ],
};
