import type { RunEventOrigin } from '../model/run-event.ts';
import type { AppPorts } from './ports.ts';

/** The same ports, whose events say where they come from; what an event says itself stays. */
export function stamped<Ports extends Pick<AppPorts, 'emit'>>(ports: Ports, origin: RunEventOrigin): Ports {
  return { ...ports, emit: (event) => ports.emit({ ...origin, ...event }) };
}
