/** The ways in: a password, the first visit, a link. One attempt at a time, and none while the server says to wait. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { AuthState, Setup } from '$lib/api/types';
import { account } from './account.svelte';
import { Resource } from './resource.svelte';

type Sent = Parameters<typeof unwrap>[0];

export class SigningIn {
  /** What this server offers. */
  readonly ways = new Resource<AuthState>((signal) => unwrap(api.GET('/api/v1/auth/state', { signal })));
  /** Why the last attempt was refused. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  #againAt = $state(0);
  readonly #entered: () => Promise<void>;

  /** `entered` hears that this browser was given a session. */
  constructor(entered = () => account.entered()) {
    this.#entered = entered;
  }

  /** Ask what there is. Returns its own clean-up. */
  start(): () => void {
    void this.ways.refresh();
    return () => this.ways.stop();
  }

  /** How many seconds the server will not listen any more; 0 where it does. `now` in ms since 1970. */
  waitS(now: number): number {
    return Math.max(0, Math.ceil((this.#againAt - now) / 1_000));
  }

  /** By name or e-mail address. Returns whether that was right, as the others do. */
  byPassword(name_or_email: string, password: string): Promise<boolean> {
    return this.#enter(() => api.POST('/api/v1/auth/sign-in', { body: { name_or_email, password } }));
  }

  byLink(secret: string): Promise<boolean> {
    return this.#enter(() => api.POST('/api/v1/auth/link', { body: { secret } }));
  }

  /** Make the first administrator. */
  setUp(body: Setup): Promise<boolean> {
    return this.#enter(() => api.POST('/api/v1/auth/setup', { body }));
  }

  /** Choose another password by the link that an administrator gave. */
  reset(secret: string, password: string): Promise<boolean> {
    return this.#enter(() => api.POST('/api/v1/auth/reset', { body: { secret, password } }));
  }

  async #enter(send: () => Sent): Promise<boolean> {
    this.busy = true;
    try {
      await unwrap(send());
      this.problem = null;
      await this.#entered();
      return true;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      if (this.problem.retryAfterS) this.#againAt = Date.now() + this.problem.retryAfterS * 1_000;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
