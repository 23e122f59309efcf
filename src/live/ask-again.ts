/**
 * Notes what a warm read asks, and asks it once more. A plan is worked out from answers alone: where a server that is asked the
 * same gives the same answers, it is the same plan.
 */
import { batchesOf } from '../model/batches.ts';
import { digestOf } from '../model/canonical-json.ts';
import { byText } from '../model/compare.ts';
import type { Answer, AskedQuestion, KeptReads, Question } from '../model/kept-plan.ts';
import type { OwnedKind } from '../model/kinds.ts';
import type { AskEach, LiveReader, OwnedReader } from '../model/live-reader.ts';
import type { LiveUser } from '../model/live-state.ts';
import { MusterError } from '../model/muster-error.ts';
import { plainOf } from '../model/plain.ts';
import { recordFlaws } from '../model/record-rules.ts';
import type { WarmSource } from '../model/seen-people.ts';
import type { AccountId, UserAttribute } from '../model/user-values.ts';
import { readEach } from './read-each.ts';
import { isMuch } from './refresh-people.ts';

/** More names are not asked for again: the plan is made anew then, which costs little more. */
const mostWords = 2000;
const questionsAtOnce = 8;

/** What answers come from. */
export interface Asking {
  readonly reader: LiveReader;
  readonly source: WarmSource;
  readonly askEach: AskEach;
}

/** How each question is asked. */
const ways: Readonly<Record<Question, (asking: Asking, words: readonly string[]) => Promise<unknown>>> = {
  facts: ({ reader }, words) => reader.facts(words),
  'domains of e-mails': ({ reader }) => reader.emailDomains(),
  roles: ({ reader }, words) => reader.roles(words),
  'users by names': ({ reader }, words) => reader.usersByNames(words),
  'users by ids': ({ reader }, words) => reader.usersByIds(words),
  'user by e-mail': ({ reader }, [email = '']) => reader.userByEmail(email),
  'how many accounts': ({ reader }) => reader.countUsers(),
  'how many active people': ({ reader }) => reader.countActivePeople(),
  'bots that go': ({ reader }) => reader.botsThatGo(),
  'newest people': ({ source }) => source.newestPeople(),
  bots: ({ source }) => source.bots(),
  'what is listed': ({ reader }, [kind]) => ownedOf(reader, kind).list(),
  'what accounts own': async ({ reader, askEach }, [kind, ...needed]) =>
    (await ownedOf(reader, kind).read({ needed, ifAny: [], shown: [] }, askEach)).known,
};

const ownedOf = ({ owned }: LiveReader, kind: string | undefined): OwnedReader<unknown> =>
  kind === 'membership' ? owned.membership : owned.token;

/**
 * @param value - a list of things with ids may come in any order
 * @param attributes - of accounts that a plan looks at
 */
export function answerOf(value: unknown, attributes: readonly UserAttribute[]): Answer {
  const inOrder = Array.isArray(value) ? byId(value) : value;
  const changedMs: number[] = [];
  addTimes(inOrder, changedMs);
  const whatCounts = (one: object): object => (isAccount(one) ? whatCountsOf(one, attributes) : one);
  return { digest: digestOf(plainOf({ answer: inOrder }, whatCounts)), changedMs };
}

const isAccount = (value: object): value is LiveUser => 'values' in value && 'isBot' in value;

/** A time of a change moves with each login: no plan rests on it, but it never goes back. */
function whatCountsOf(account: LiveUser, attributes: readonly UserAttribute[]): object {
  const { dates: _, values, ...rest } = account;
  // Of every account it is said where the server would refuse it as a whole.
  return { ...rest, flaws: recordFlaws(values), values: attributes.map((name) => values[name]) };
}

const byId = (things: readonly unknown[]): readonly unknown[] => things.toSorted(byText(idOf));

const idOf = (thing: unknown): string =>
  typeof thing === 'object' && thing !== null && 'id' in thing ? String(thing.id) : '';

function addTimes(value: unknown, times: number[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (isAccount(value)) times.push(value.dates?.updatedMs ?? 0);
  else if (Array.isArray(value)) for (const one of value) addTimes(one, times);
  else for (const part of Object.values(value)) addTimes(part, times);
}

const isAsBefore = (now: Answer, before: Answer): boolean =>
  now.digest === before.digest &&
  now.changedMs.length === before.changedMs.length &&
  now.changedMs.every((ms, i) => ms >= (before.changedMs[i] ?? 0));

type Ask = <Value>(question: Question, words: readonly string[], answer: Promise<Value>) => Promise<Value>;

/** Notes every question that a warm read asks of the server. */
export class NotedReads {
  readonly #asked = new Map<
    string,
    { readonly question: Question; readonly words: readonly string[]; answer: unknown }
  >();
  readonly #ids: AccountId[] = [];
  readonly #changed: LiveUser[] = [];
  #sinceMs = 0;
  /** Whether all of it can be asked once more. */
  #isWhole = true;

  /** The same answers, noted. */
  of(inner: LiveReader, source: WarmSource): Omit<Asking, 'askEach'> {
    const ask: Ask = async (question, words, answer) => {
      try {
        const value = await answer;
        this.#note(question, words, value);
        return value;
      } catch (error) {
        this.#isWhole = false;
        throw error;
      }
    };
    // Each by its name: a question that is added later has to say here how it is asked once more.
    const reader: LiveReader = {
      requests: () => inner.requests(),
      facts: (roles) => ask('facts', roles, inner.facts(roles)),
      emailDomains: () => ask('domains of e-mails', [], inner.emailDomains()),
      roles: (names) => ask('roles', names, inner.roles(names)),
      usersByNames: (names) => ask('users by names', names, inner.usersByNames(names)),
      usersByIds: (ids) => ask('users by ids', ids, inner.usersByIds(ids)),
      userByEmail: (email) => ask('user by e-mail', [email], inner.userByEmail(email)),
      userPages: (expected) => {
        this.#isWhole = false;
        return inner.userPages(expected);
      },
      countUsers: () => ask('how many accounts', [], inner.countUsers()),
      countActivePeople: () => ask('how many active people', [], inner.countActivePeople()),
      botsThatGo: () => ask('bots that go', [], inner.botsThatGo()),
      owned: {
        token: this.#owned('token', inner.owned.token, ask),
        membership: this.#owned('membership', inner.owned.membership, ask),
      },
    };
    return {
      reader,
      source: {
        serverTimeMs: () => source.serverTimeMs(),
        newestPeople: () => ask('newest people', [], source.newestPeople()),
        bots: () => ask('bots', [], source.bots()),
        changedSince: async (ids, sinceMs) => {
          const rows = await source.changedSince(ids, sinceMs);
          for (const id of ids) this.#ids.push(id);
          this.#changed.push(...rows);
          this.#sinceMs = sinceMs;
          return rows;
        },
      },
    };
  }

  /** What was asked; `undefined`: some of it would cost too much to ask again. */
  reads(
    { startedMs, serverStartedMs }: Pick<KeptReads, 'startedMs' | 'serverStartedMs'>,
    attributes: readonly UserAttribute[],
  ): KeptReads | undefined {
    const asked = [...this.#asked.values()];
    if (!this.#isWhole || asked.reduce((sum, { words }) => sum + words.length, 0) > mostWords) return undefined;
    return {
      startedMs,
      serverStartedMs,
      attributes,
      ids: this.#ids,
      sinceMs: this.#sinceMs,
      changed: new Map(this.#changed.map((live) => [live.id, answerOf(live, attributes)])),
      asked: asked.map(({ question, words, answer }) => ({ question, words, answer: answerOf(answer, attributes) })),
    };
  }

  #note(question: Question, words: readonly string[], answer: unknown): void {
    this.#asked.set(JSON.stringify([question, ...words]), { question, words, answer });
  }

  #owned<Live>(kind: OwnedKind, inner: OwnedReader<Live>, ask: Ask): OwnedReader<Live> {
    const list: OwnedReader<Live>['list'] = () => ask('what is listed', [kind], inner.list());
    return {
      readsWhole: inner.readsWhole,
      list,
      readAll: (...args) => {
        this.#isWhole = false;
        return inner.readAll(...args);
      },
      readForEntries: (...args) => {
        this.#isWhole = false;
        return inner.readForEntries(...args);
      },
      read: async (wanted, askEach) => {
        const read = await inner.read(wanted, askEach);
        const { restsOn, known } = read;
        if (restsOn === undefined) this.#isWhole = false;
        else {
          if (restsOn.isListed) await list();
          const { searched } = restsOn;
          const own = new Map(searched.map((id) => [id, known.get(id)]));
          if (searched.length > 0) this.#note('what accounts own', [kind, ...searched], own);
        }
        return read;
      },
    };
  }
}

/** A server takes long to find who is new. */
const isSlow = ({ question }: AskedQuestion): boolean => question === 'newest people';

/** What is known of accounts that had not changed when a plan was kept; `undefined`: no more than their ids. */
export type SeenRows = () => Promise<ReadonlyMap<AccountId, LiveUser> | undefined>;

/**
 * Whether the server gives the same answers as then. Each account that changed since the full read must be as then, too, be it that only
 * the time of the change is another.
 *
 * @param rows - what that full read saw: asked for where someone had not changed then, and has now
 */
export async function isAnsweredAsBefore(kept: KeptReads, asking: Asking, rows: SeenRows): Promise<boolean> {
  const isChangedAsThen = async (): Promise<boolean> => {
    const batches = batchesOf(kept.ids);
    const found = await readEach(batches, (ids) => asking.source.changedSince(ids, kept.sinceMs), questionsAtOnce);
    return await areAsKnown(found.flat(), kept, rows);
  };
  const askAgain =
    ({ question, words, answer }: AskedQuestion) =>
    async (): Promise<boolean> => {
      return isAsBefore(answerOf(await ways[question](asking, words), kept.attributes), answer);
    };
  const slow = kept.asked.filter(isSlow).map(askAgain);
  const others = kept.asked.filter((one) => !isSlow(one)).map(askAgain);
  try {
    const found = await readEach([...slow, isChangedAsThen, ...others], (ask) => ask(), questionsAtOnce);
    return found.every((isSame) => isSame);
  } catch (error) {
    // A refusal is another answer, too. What it means for a plan is told where that is made.
    if (!(error instanceof MusterError)) throw error;
    return false;
  }
}

async function areAsKnown(changed: readonly LiveUser[], kept: KeptReads, rows: SeenRows): Promise<boolean> {
  if (isMuch(changed.length, kept.ids.length)) return false;
  const now = new Map(changed.map((live) => [live.id, live]));
  // Who changed once has changed for good: unless the server was set back.
  if (![...kept.changed.keys()].every((id) => now.has(id))) return false;
  const isNew = changed.some(({ id }) => !kept.changed.has(id));
  const seen = isNew ? await rows() : new Map<AccountId, LiveUser>();
  if (seen === undefined) return false;
  return changed.every((live) => {
    const { id } = live;
    const row = seen.get(id);
    const before = kept.changed.get(id) ?? (row === undefined ? undefined : answerOf(row, kept.attributes));
    return before !== undefined && isAsBefore(answerOf(live, kept.attributes), before);
  });
}
