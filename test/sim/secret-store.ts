/** Sinks and sources: a secret is delivered whole and for good at one moment, or not at all. */
import { revealSecret } from '../../src/model/reveal-secret.ts';
import { Secret } from '../../src/model/secret.ts';
import { SinkError } from '../../src/secrets/errors.ts';
import type { SecretStore } from '../../src/secrets/secret-store.ts';
import type { Weather } from './network.ts';
import type { Life, Scheduler } from './scheduler.ts';

export class SecretKeeper {
  /** From `<user>~<name>@<generation>` to the secret. */
  readonly kept: Map<string, string> = new Map();
  readonly #scheduler: Scheduler;
  readonly #pick: (below: number) => number;
  readonly #weather: Weather;

  constructor(scheduler: Scheduler, pick: (below: number) => number, weather: Weather) {
    this.#scheduler = scheduler;
    this.#pick = pick;
    this.#weather = weather;
  }

  storeOf(life: Life): SecretStore {
    return {
      prepare: () => this.#scheduler.pass(life, 1, 'sinks and sources are tried', ''),
      deliver: (sink, { user, name, generation }, secret) => {
        const place = `${user}~${name}@${generation}`;
        const isRefused = this.#pick(1000) < this.#weather.failedSinks;
        return new Promise((resolve, reject) => {
          this.#scheduler.step(life, 1 + this.#pick(10), isRefused ? 'sink refuses' : 'sink keeps', place, () => {
            if (isRefused) return reject(new SinkError({ is: 'failed', name: sink ?? 'files', ending: 'exit code 1' }));
            this.kept.set(place, revealSecret(secret));
            this.#scheduler.step(life, this.#pick(5), 'sink answers', place, () => resolve(place));
          });
        });
      },
      read: async (source) => {
        await this.#scheduler.pass(life, 1, 'source gives', source);
        return new Secret(`initial-password-of-${source}`);
      },
      randomPassword: () => new Secret('correct horse battery staple'),
    };
  }
}
