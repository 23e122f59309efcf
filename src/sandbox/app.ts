import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { exchange, type Site } from './exchange.ts';
import { isForThisHost } from './own-host.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

type Bindings = { Bindings: HttpBindings };

/** The router over the table of routes; every answer is written by the exchange itself. */
export function makeApp(site: Site): Hono<Bindings> {
  const app = new Hono<Bindings>();
  for (const route of routes) {
    if (route.since !== undefined && !site.world.has(route.since)) continue;
    app.on(route.method, `${site.basePath}/api/v4${route.path}`, (context) =>
      // The router takes HEAD for GET; the real server knows no HEAD.
      run(site, context.env.incoming.method === 'HEAD' ? undefined : route, context.req.param(), context.env),
    );
  }
  app.all('*', (context) => run(site, undefined, {}, context.env));
  return app;
}

async function run(
  site: Site,
  route: Route | undefined,
  params: Readonly<Record<string, string>>,
  { incoming, outgoing }: HttpBindings,
): Promise<Response> {
  if (!isForThisHost(incoming)) {
    outgoing.writeHead(403, { 'Content-Type': 'text/plain' }).end('sandbox: this is no host of mine\n');
    return RESPONSE_ALREADY_SENT;
  }
  try {
    await exchange(site, route, params, incoming, outgoing);
  } catch (error) {
    // A defect of the sandbox, or a client that left: never a wrong answer that looks right.
    if (!outgoing.headersSent) outgoing.writeHead(500, { 'Content-Type': 'text/plain' });
    outgoing.end(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
  return RESPONSE_ALREADY_SENT;
}
