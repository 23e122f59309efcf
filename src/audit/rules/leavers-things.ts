import type { FindingDraft, LiveIntegration } from '../../model/audit.ts';
import type { AuditRule } from '../../model/audit-rules.ts';
import type { LiveUser } from '../../model/live-state.ts';
import type { AccountId } from '../../model/user-values.ts';
import type { Population, PopulationRule } from '../population.ts';

/** Found on the person who left: it is their access that goes on. */
export const leaverBot: PopulationRule = (population) => {
  const leavers = inactiveOf(population);
  return (population.reads.bots ?? []).flatMap(({ id, username, owner, active }): FindingDraft[] => {
    const account = leavers.get(owner);
    if (account === undefined || !active) return [];
    const fact = `bot ${username}, id ${id}, owner ${account.values.username}`;
    return [
      {
        rule: 'leaver-bot',
        account,
        thing: id,
        text: `owns the active bot ${username}`,
        evidence: [{ read: 'bots', fact }],
      },
    ];
  });
};

export const leaverWebhook: PopulationRule = (population) =>
  leftBehind('leaver-webhook', 'webhooks', population.reads.webhooks, population);

export const leaverCommand: PopulationRule = (population) =>
  leftBehind('leaver-command', 'commands', population.reads.commands, population);

function leftBehind(
  rule: AuditRule,
  read: string,
  things: readonly LiveIntegration[] = [],
  population: Population,
): readonly FindingDraft[] {
  const leavers = inactiveOf(population);
  return things.flatMap(({ id, sort, name, creator }): FindingDraft[] => {
    const account = leavers.get(creator);
    if (account === undefined) return [];
    const fact = `${sort} ${name}, id ${id}`;
    return [{ rule, account, thing: id, text: `made the ${sort} ${name}`, evidence: [{ read, fact }] }];
  });
}

const inactiveOf = ({ subjects }: Population): ReadonlyMap<AccountId, LiveUser> =>
  new Map(
    subjects
      .filter(({ account }) => !account.isBot && !account.values.active)
      .map(({ account }) => [account.id, account]),
  );
