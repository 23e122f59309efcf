/** Properties over many random plans, and how they are run on a model of the server. */

import * as fc from 'fast-check';
import { expect } from 'vitest';
import { canAdminister } from '../../src/model/admin-rules.ts';
import { callRows } from '../../src/model/calls.ts';
import type { LiveUser } from '../../src/model/live-state.ts';
import type { Plan } from '../../src/model/plan.ts';
import { contextOf, liveState, moment, tryPlan, type World } from './build-states.ts';
import { worlds } from './random-worlds.ts';
import { ModelServer, runPlan } from './run-plan.ts';

/** A few thousand plans in all; a nightly run may multiply them. */
export const factor: number = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);

/** Runs a check on many random plans; worlds that are refused for a problem are passed over. */
export function forEveryPlan(
  numRuns: number,
  check: (plan: Plan, world: World, pick: (below: number) => number) => void,
): void {
  fc.assert(
    fc.property(worlds, fc.infiniteStream(fc.nat({ max: 2 ** 30 })), (world, numbers) => {
      const plan = tryPlan(world);
      fc.pre('actions' in plan);
      check(plan, world, (below) => (numbers.next().value ?? 0) % below);
    }),
    { numRuns: numRuns * factor },
  );
}

export const usersOf = (world: World): readonly LiveUser[] => [...liveState(world).users.values()];

export function serverOf(world: World): ModelServer {
  return new ModelServer(usersOf(world), world.tokens ?? [], contextOf(world).facts, moment, world.memberships);
}

/**
 * The lock-out proof, tried: in whatever order the actions of a plan run, whichever of them fail, and wherever it stops, as many
 * administrators are left as there were, or as the policy asks for.
 */
export function checkLockOut(numRuns: number): void {
  forEveryPlan(numRuns, (plan, world, pick) => {
    const { facts, policy } = contextOf(world);
    const server = serverOf(world);
    /** A change of sign-in may lock somebody out although the service is switched on. */
    const moved = new Set<string>();
    const able = (): number =>
      [...server.users.values()].filter((one) => canAdminister(one, facts.signInServices) && !moved.has(one.id)).length;
    const before = able();
    const [chance, doGainsFail] = [1 + pick(4), pick(2) === 1];
    runPlan(plan, server, {
      pick,
      mayFail: (action) =>
        (doGainsFail && action.changes.some((change) => change.class === 'admin-gain')) || pick(chance) === 1,
      watch: (_, { account, call }) => {
        if (call.operation === 'set-auth' || call.operation === 'set-password') moved.add(account ?? '');
        const left = able();
        // An expectation is dear, and this is asked after every action of every plan.
        if (left < Math.min(before, policy.minAdmins))
          expect(left).toBeGreaterThanOrEqual(Math.min(before, policy.minAdmins));
        // What the caller is in teams is no access to the server.
        const isOwn = account === facts.caller.id && callRows[call.operation].kind !== 'membership';
        if (isOwn && call.operation !== 'patch-user') expect(call.operation).toBe('patch-user');
      },
    });
  });
}
