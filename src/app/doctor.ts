import type { ApiResponse, User } from '../api/index.ts';
import type { Settings } from '../config/settings.ts';
import { canAdminister } from '../model/admin-rules.ts';
import { count } from '../model/count.ts';
import { durationText } from '../model/duration.ts';
import type { LiveReader } from '../model/live-reader.ts';
import type { LiveUser, ServerFacts } from '../model/live-state.ts';
import { say } from '../model/messages/message.ts';
import { recordFlaws } from '../model/record-rules.ts';
import { credentialNames } from '../secrets/caller-token.ts';
import { checkCommands } from '../secrets/check-commands.ts';
import type { Check } from './check.ts';
import { checksHere, checksWithoutServer, type HereOptions } from './doctor-here.ts';
import { teamChecks } from './doctor-teams.ts';
import { loadSettings } from './load.ts';
import type { AppPorts } from './ports.ts';
import { withServer } from './with-server.ts';

/** Looks at the server and at the caller with the eyes of a plan. Reads only. */
export function doctor(options: HereOptions, given: AppPorts): Promise<readonly Check[]> {
  return withServer(options, given, async ({ settings, client, reader, ports }) => {
    const me = await client.users.me().withResponse();
    const nowMs = ports.clock.now();
    const facts = await reader.facts([]);
    return [
      ...serverChecks(facts),
      ...callerChecks(facts, settings),
      ...switchChecks(facts),
      seatCheck(facts),
      ...(await accountChecks(reader, facts)),
      ...(await teamChecks(options, settings, client.readOnly(), facts, ports)),
      limiterCheck(me),
      clockCheck(me, nowMs),
      ...(await checksHere(options, settings, facts, ports)),
      ...(await commandChecks(settings, ports)),
    ];
  });
}

/** Where the server cannot be read: what this machine has, since the reason may be there. */
export async function doctorHere(options: HereOptions, ports: AppPorts): Promise<readonly Check[]> {
  const settings = await loadSettings(options, ports);
  const named = settings.servers[0]?.value ?? ports.env[credentialNames(settings.name).server] ?? '';
  const hint = 'the error below says why';
  return [
    { name: 'server', status: 'bad', text: 'not read, and nothing below was compared with it', hint },
    ...(await checksWithoutServer(options, settings, shownAddress(named), ports)),
    ...(await commandChecks(settings, ports)),
  ];
}

/** Never with a password; nothing where it is no address. */
function shownAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname } = new URL(text);
  return /^https?:$/.test(protocol) ? `${origin}${pathname.replace(/\/+$/, '')}` : undefined;
}

function serverChecks(facts: ServerFacts): readonly Check[] {
  const licence = facts.isLicensed ? 'licensed' : 'without a licence';
  return [
    { name: 'server', status: 'ok', text: `Mattermost ${facts.version} at ${facts.url}, ${licence}` },
    { name: 'server key', status: 'ok', text: facts.key },
  ];
}

/** So many administrators are named. */
const maxNames = 20;

function callerChecks(facts: ServerFacts, settings: Settings): readonly Check[] {
  const { caller } = facts;
  const names = facts.admins
    .filter((admin) => canAdminister(admin, facts.signInServices))
    .map(({ values }) => values.username)
    .toSorted();
  const admins = names.length;
  const who =
    admins === 0
      ? ''
      : `: ${names.slice(0, maxNames).join(', ')}${admins > maxNames ? ` and ${admins - maxNames} more` : ''}`;
  const { minAdmins } = settings.policy;
  const isAdmin = caller.permissions.has('manage_system');
  return [
    isAdmin
      ? { name: 'caller', status: 'ok', text: `${caller.username}, a system administrator` }
      : {
          name: 'caller',
          status: 'bad',
          text: `${caller.username} is no system administrator: the server hides from it what a plan needs`,
          hint: 'use the token of an account with the role system_admin',
        },
    admins >= minAdmins
      ? { name: 'administrators', status: 'ok', text: `${admins} can sign in; policy.min_admins is ${minAdmins}${who}` }
      : {
          name: 'administrators',
          status: 'note',
          text: `${admins} can sign in, and policy.min_admins is ${minAdmins}: no plan will take an administrator away${who}`,
          hint: 'make another person administrator: losing one account must not lock everyone out',
        },
  ];
}

/** Notes alone: a machine that plans need not have what one that applies has. */
async function commandChecks({ secrets }: Settings, { env }: AppPorts): Promise<readonly Check[]> {
  return (await checkCommands(secrets, env)).map(({ what: name, program, flaw }): Check => {
    if (flaw === undefined) return { name, status: 'ok', text: `${program} can be run here` };
    const { text, todo: hint } = say('SINK_FAILED', flaw);
    return { name, status: 'note', text, ...(hint !== undefined && { hint }) };
  });
}

interface Switch {
  readonly name: string;
  readonly isOn: boolean;
  readonly on: string;
  readonly off: string;
  readonly hint: string;
}

function switchChecks(facts: ServerFacts): readonly Check[] {
  const { maxTokenLifetimeMs: longest } = facts;
  const lifetime = longest === undefined ? '' : `; a new one of a person must end within ${durationText(longest)}`;
  const switches: readonly Switch[] = [
    {
      name: 'access tokens',
      isOn: facts.hasUserAccessTokens,
      on: `switched on${lifetime}`,
      off: 'switched off: no token can be made, and those of people do not work',
      hint: 'switch ServiceSettings.EnableUserAccessTokens on, if you declare tokens',
    },
    {
      name: 'guests',
      isOn: facts.hasGuests,
      on: 'possible',
      off: 'not possible: they need a licence and GuestAccountsSettings.Enable',
      hint: 'declare members only, or switch guest access on',
    },
    {
      name: 'e-mail changes',
      isOn: !facts.requiresEmailVerification,
      on: 'take effect at once',
      off: 'only mail a link: the server requires e-mail verification, so muster holds them back',
      hint: 'switch RequireEmailVerification off while you change e-mails',
    },
  ];
  const services = [...facts.signInServices].toSorted().join(', ');
  return [
    { name: 'sign-in', status: 'ok', text: services === '' ? 'no service is switched on' : services },
    ...switches.map(
      ({ name, isOn, on, off, hint }): Check =>
        isOn ? { name, status: 'ok', text: on } : { name, status: 'note', text: off, hint },
    ),
    {
      name: 'mail',
      status: 'ok',
      text: facts.sendsMail
        ? 'the server mails people about what happens to their accounts'
        : 'the server sends no notifications',
    },
  ];
}

function seatCheck({ seats }: ServerFacts): Check {
  if (seats.limit === undefined)
    return { name: 'seats', status: 'ok', text: `${count(seats.used, 'active person', 'active people')}, no limit` };
  const free = Math.max(0, seats.limit - seats.used);
  const text = `${seats.used} of ${seats.limit} taken, ${free} free`;
  return free > 0
    ? { name: 'seats', status: 'ok', text }
    : { name: 'seats', status: 'note', text, hint: 'no one can be created or activated until a seat is free' };
}

/** Further accounts cost more requests than a look is worth; a plan sees those that entries stand for. */
const maxAccountsRead = 10_000;

/** Accounts that cannot be changed, and so not be deactivated, before a field of theirs is: nothing else shows them. */
async function accountChecks(reader: LiveReader, { caller }: ServerFacts): Promise<readonly Check[]> {
  if (!caller.permissions.has('manage_system')) return [];
  const checks: Check[] = [];
  let read = 0;
  for await (const page of reader.userPages()) {
    checks.push(...page.flatMap(accountCheck));
    read += page.length;
    if (read >= maxAccountsRead) break;
  }
  const text = `${read} read${read < maxAccountsRead ? '' : ', no more'}: ${checks.length === 0 ? 'each' : 'each other one'} can be changed`;
  return [{ name: 'accounts', status: 'ok', text }, ...checks];
}

function accountCheck({ isBot, isRemote, values }: LiveUser): readonly Check[] {
  const flaws = isBot || isRemote ? [] : recordFlaws(values);
  if (flaws.length === 0) return [];
  const what = flaws.map((flaw) => flaw.what).join(' and ');
  return [
    {
      name: 'account',
      status: 'note',
      text: `the server calls ${what}, and refuses every change of ${values.username}`,
      hint: `${flaws.map(({ cure }) => cure).join(', and ')} in the entry of ${values.username}`,
    },
  ];
}

function limiterCheck({ rateLimit }: ApiResponse<User>): Check {
  if (rateLimit === undefined) return { name: 'rate limit', status: 'ok', text: 'none seen' };
  return {
    name: 'rate limit',
    status: 'ok',
    text: `bursts of ${rateLimit.limit}, ${rateLimit.remaining} left right now; muster keeps to it`,
  };
}

const maxSkewSeconds = 60;

function clockCheck({ headers }: ApiResponse<User>, nowMs: number): Check {
  const date = headers['date'];
  const serverMs = Date.parse(Array.isArray(date) ? (date[0] ?? '') : (date ?? ''));
  if (!Number.isFinite(serverMs)) return { name: 'clock', status: 'note', text: 'the server does not tell the time' };
  const skew = Math.round((nowMs - serverMs) / 1000);
  if (Math.abs(skew) <= maxSkewSeconds) return { name: 'clock', status: 'ok', text: 'agrees with the server’s' };
  return {
    name: 'clock',
    status: 'note',
    text: `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the server's`,
    hint: 'set this machine’s clock: starts and ends are read by it',
  };
}
