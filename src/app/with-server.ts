import type { Settings } from '../config/settings.ts';
import { closing } from './closing.ts';
import { connect, type Server } from './connect.ts';
import { loadSettings } from './load.ts';
import { type AppPorts, type ConnectionOptions, type InputOptions, inStep } from './ports.ts';

type ServerOptions = InputOptions & ConnectionOptions;

/** Loads the settings, connects to the server that they name, does the work, and closes the connection. */
export function withServer<Result>(
  options: ServerOptions,
  ports: AppPorts,
  work: (server: Server) => Promise<Result>,
): Promise<Result> {
  return withServerAfter(options, ports, () => Promise.resolve(), work);
}

/** The same, and loads files before: what is wrong in them shows before a token is asked for. */
export async function withServerAfter<Loaded, Result>(
  options: ServerOptions,
  ports: AppPorts,
  load: (settings: Settings) => Promise<Loaded>,
  work: (server: Server, loaded: Loaded) => Promise<Result>,
): Promise<Result> {
  const { settings, loaded } = await inStep(ports, 'load', async () => {
    const found = await loadSettings(options, ports);
    return { settings: found, loaded: await load(found) };
  });
  const server = await connect(settings, options, ports);
  return closing(
    () => work(server, loaded),
    () => server.client.close(),
  );
}
