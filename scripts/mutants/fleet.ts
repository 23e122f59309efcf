/** What many servers of one muster.yaml must keep apart. */
import type { Area } from './mutant.ts';

const picked = ['config/pick-server'];
const commands = ['cli/fleet'];

export const fleet: Area = {
  mutants: [
    {
      file: 'config/settings.ts',
      text: 'name === undefined ? env.MUSTER_SERVER : undefined',
      becomes: 'env.MUSTER_SERVER',
      breaks: 'A server among several goes where MUSTER_SERVER says, which is of another token.',
      noticedBy: picked,
    },
    {
      file: 'config/settings.ts',
      text: "dir ?? (name === undefined ? 'secrets' : join('secrets', name))",
      becomes: "dir ?? 'secrets'",
      breaks: 'Two servers write one secret over the other.',
      noticedBy: commands,
    },
    {
      file: 'config/pick-server.ts',
      text: 'join(shared.dir, name)',
      becomes: 'shared.dir',
      breaks: 'Two servers write one secret over the other in a folder that is named.',
      noticedBy: picked,
    },
    {
      file: 'config/pick-server.ts',
      text: 'isLocked ? { policy: { locked: true } } : {}',
      becomes: '{}',
      breaks: 'A pull request gets around policy.locked by another name.',
      noticedBy: picked,
    },
    {
      file: 'config/pick-server.ts',
      text: 'if (own.every !== undefined || own.cron !== undefined) return { ...rest, ...own };\n',
      becomes: '',
      breaks: 'The cron of a server loses against the interval that all share.',
      noticedBy: picked,
    },
    {
      file: 'config/check-servers.ts',
      text: 'if (first === undefined) return [];',
      becomes: 'if (first !== undefined) return [];',
      breaks: 'Two names of one server undo what the other wrote.',
      noticedBy: picked,
    },
    {
      file: 'app/connect.ts',
      text: 'credentialFor(settings.servers, settings.name);',
      becomes: 'credentialFor(settings.servers);',
      breaks: 'A server among several is asked with the token of the only one.',
      noticedBy: commands,
    },
    {
      file: 'app/fleet.ts',
      text: 'if (this.#open.size > 0 || this.#plans.size === 0) return;',
      becomes: 'if (this.#plans.size === 0) return;',
      breaks: 'The question about all plans shows the first one alone.',
      noticedBy: commands,
    },
    {
      file: 'app/fleet.ts',
      text: '(await slots.lend(() => question.ask(name, plan)))',
      becomes: 'true',
      breaks: 'Plans of all servers are carried out before the answer.',
      noticedBy: commands,
    },
    {
      file: 'cli/fleet.ts',
      text: 'return mostSerious(codes);',
      becomes: 'return codes.at(-1) ?? 0;',
      breaks: 'The exit code of many servers is that of the last one.',
      noticedBy: commands,
    },
    {
      file: 'daemon/queue-fleet.ts',
      text: '      await queue.finish(job);\n',
      becomes: '',
      breaks: 'A worker that ended a cycle leaves it to the next worker.',
      noticedBy: ['daemon/queue-fleet'],
    },
    {
      file: 'daemon/queue-fleet.ts',
      text: 'if (known.atMs > clock.now()) continue;',
      becomes: '',
      breaks: 'The schedule asks for cycles all the time.',
      noticedBy: ['daemon/queue-fleet'],
    },
    {
      file: 'report/status-html/page.ts',
      text: "redact ? '(redacted)' : person",
      becomes: 'person',
      breaks: 'The status page names people where names are redacted.',
      noticedBy: ['report/status-page'],
    },
  ],
};
