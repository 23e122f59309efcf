import { apiError } from '../../src/api/api-error.ts';
import { beforeAnyCall } from '../../src/api/before-any-call.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import { say } from '../../src/model/messages/message.ts';
import type { MusterError } from '../../src/model/muster-error.ts';
import { account } from './build-states.ts';

type Pages = AsyncIterable<readonly LiveUser[]>;
type Pick = (below: number) => number;
interface Server {
  accounts: LiveUser[];
}

/** What a listing can suffer; each listing of a run suffers it anew, or only sometimes, as the seed decides. */
export interface ReadFault {
  readonly name: string;
  strike(pages: Pages, server: Server, pick: Pick): Pages;
}

const serverFailed = (): MusterError =>
  apiError(say('API_SERVER_ERROR', { is: 'answered', answer: '500' }), beforeAnyCall, { retry: 'no' });

/** Changes one page, chosen by the seed; one time of three the listing is left alone. */
function onePage(
  change: (page: readonly LiveUser[], previous: readonly LiveUser[], pick: Pick) => readonly LiveUser[],
  first = false,
): ReadFault['strike'] {
  return (pages, _server, pick) =>
    (async function* distorted(): Pages {
      const target = pick(3) === 0 ? -1 : first ? 0 : pick(5);
      let previous: readonly LiveUser[] = [];
      let number = 0;
      for await (const page of pages) {
        yield number === target ? change(page, previous, pick) : page;
        previous = page;
        number++;
      }
    })();
}

/** Changes the server between two pages. */
function between(change: (server: Server, pick: Pick, serial: number) => void): ReadFault['strike'] {
  return (pages, server, pick) =>
    (async function* distorted(): Pages {
      let serial = 0;
      for await (const page of pages) {
        yield page;
        if (pick(2) === 0) change(server, pick, pick(1_000_000) * 10 + serial++);
      }
    })();
}

const isOrdinary = ({ values }: LiveUser): boolean =>
  values.username.startsWith('person') || values.username.startsWith('new');

function rename(server: Server, pick: Pick, serial: number): void {
  const chosen = server.accounts.filter(isOrdinary)[pick(server.accounts.length)];
  if (chosen === undefined) return;
  server.accounts = server.accounts.map((one) =>
    one === chosen ? { ...one, values: { ...one.values, username: `${pick(2) === 0 ? 'a' : 'z'}${serial}` } } : one,
  );
}

export const listUsersFaults: readonly ReadFault[] = [
  { name: 'none', strike: (pages) => pages },
  { name: 'a short page', strike: onePage((page, _previous, pick) => page.slice(1 + pick(2))) },
  { name: 'an empty first page', strike: onePage(() => [], true) },
  { name: 'a repeated page', strike: onePage((page, previous) => (previous.length > 0 ? previous : page)) },
  {
    name: 'a failure in the middle',
    strike: onePage(() => {
      throw serverFailed();
    }),
  },
  { name: 'somebody renamed between pages', strike: between(rename) },
  {
    name: 'somebody created between pages',
    strike: between((server, pick, serial) => {
      server.accounts = [
        ...server.accounts,
        account(`${pick(2) === 0 ? 'a' : 'z'}new${serial}`, { id: `id-new-${serial}` }),
      ];
    }),
  },
  {
    name: 'somebody removed between pages',
    strike: between((server, pick) => {
      const chosen = server.accounts.filter(isOrdinary)[pick(server.accounts.length)];
      server.accounts = server.accounts.filter((one) => one !== chosen);
    }),
  },
];
