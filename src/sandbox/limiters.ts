import type { GivenToken } from './authenticate.ts';
import { type LimitVerdict, type RateLimit, RateLimiter } from './rate-limiter.ts';
import type { Route } from './route.ts';
import type { World } from './world.ts';

/** What a limiter needs to know of a request. */
export interface Sender {
  readonly address: string;
  readonly given: GivenToken | undefined;
  readonly header: (name: string) => string;
}

/** The limiters of one server: read once at its start, as the real one does (API §15). */
export class Limiters {
  readonly #world: World;
  readonly #common: RateLimiter | undefined;
  readonly #ofRoutes = new Map<Route, RateLimiter>();

  constructor(world: World) {
    this.#world = world;
    this.#common = world.config['RateLimitSettings.Enable'] ? new RateLimiter(commonLimit(world)) : undefined;
  }

  /** Around everything, unknown routes too. */
  outer(sender: Sender): LimitVerdict | undefined {
    return this.#common?.take(this.#key(sender), this.#world.now());
  }

  /** Once more by user id, where limiting is by user; bad tokens share one key. */
  byUser(userId: string): LimitVerdict | undefined {
    if (!this.#world.config['RateLimitSettings.VaryByUser']) return undefined;
    return this.#common?.take(userId, this.#world.now());
  }

  /** Some routes have one of their own, by the address of the socket. */
  ofRoute(route: Route, address: string): LimitVerdict | undefined {
    if (this.#common === undefined || route.limiter === undefined) return undefined;
    if (!this.#world.has(route.limiter.since)) return undefined;
    const limiter = this.#ofRoutes.get(route) ?? new RateLimiter({ ...route.limiter, maxKeys: 10_000 });
    this.#ofRoutes.set(route, limiter);
    return limiter.take(address, this.#world.now());
  }

  #key({ address, given, header }: Sender): string {
    const { config } = this.#world;
    const byAddress = config['RateLimitSettings.VaryByRemoteAddr'] ? this.#clientAddress(address, header) : '';
    const who = config['RateLimitSettings.VaryByUser'] ? (given?.token ?? byAddress) : byAddress;
    const varying = config['RateLimitSettings.VaryByHeader'];
    return varying === '' ? who : who + header(varying).toLowerCase();
  }

  /** The first entry of a header that is trusted, else the socket's own address. */
  #clientAddress(address: string, header: Sender['header']): string {
    for (const name of this.#world.config['ServiceSettings.TrustedProxyIPHeader']) {
      const first = header(name).split(',')[0]?.trim() ?? '';
      if (first !== '') return first;
    }
    return address;
  }
}

const commonLimit = ({ config }: World): RateLimit => ({
  perSec: config['RateLimitSettings.PerSec'],
  maxBurst: config['RateLimitSettings.MaxBurst'],
  maxKeys: config['RateLimitSettings.MemoryStoreSize'],
});
