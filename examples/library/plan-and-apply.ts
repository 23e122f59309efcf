import { type AppPorts, applyPlan, defaultPorts, plain, plan, planText } from 'mattermuster';

/**
 * Plans what users.yaml says, tells the plan, and carries out just that plan. The server and the token come from
 * MUSTER_SERVER and MUSTER_TOKEN.
 *
 * @returns how many actions were done
 */
export async function planAndApply(tell: (text: string) => void, own: Partial<AppPorts> = {}): Promise<number> {
  const ports = defaultPorts(own);
  const options = { files: ['users.yaml'] };
  const { plan: made } = await plan(options, ports);
  tell(planText(made, plain));
  const confirm = (): Promise<boolean> => Promise.resolve(made.blocked.length === 0);
  const { result } = await applyPlan(made, { ...options, confirm }, ports);
  return result?.results.filter(({ outcome }) => outcome.status === 'done').length ?? 0;
}
