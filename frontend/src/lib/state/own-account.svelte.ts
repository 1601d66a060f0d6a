/** One's own account: where one is signed in, one's password, the keys of one's programs. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ApiKeyView, BrowserSessionView, CreatedApiKey, NewApiKey } from '$lib/api/types';
import { Resource } from './resource.svelte';

type Part = 'sessions' | 'password' | 'keys';

export class OwnAccount {
  readonly sessions = new Resource<BrowserSessionView[]>(
    async (signal) => (await unwrap(api.GET('/api/v1/auth/sessions', { signal }))).sessions,
  );
  readonly keys = new Resource<ApiKeyView[]>(
    async (signal) => (await unwrap(api.GET('/api/v1/api-keys', { signal }))).keys,
  );
  /** The key that was made last, with its text. The server tells it once, and so it is gone with the page. */
  created = $state.raw<CreatedApiKey | null>(null);
  /** Why the last thing asked for was refused, and which part of the page that is about. */
  problem = $state.raw<Problem | null>(null);
  problemOf = $state<Part | null>(null);
  busy = $state(false);
  #againAt = $state(0);

  readonly others = $derived((this.sessions.data ?? []).filter(({ is_current }) => !is_current));

  /** Fetch; and again when somebody comes back to the page. Returns its own clean-up. */
  start(): () => void {
    const ask = () => {
      void this.sessions.refresh();
      void this.keys.refresh();
    };
    ask();
    addEventListener('focus', ask);
    return () => {
      removeEventListener('focus', ask);
      this.sessions.stop();
      this.keys.stop();
    };
  }

  /** How many seconds no password will be looked at; 0 where it will. `now` in ms since 1970. */
  waitS(now: number): number {
    return Math.max(0, Math.ceil((this.#againAt - now) / 1_000));
  }

  /** Why something of that part was refused, or null. */
  problemIn(part: Part): Problem | null {
    return this.problemOf === part ? this.problem : null;
  }

  /** Sign out those browsers. Returns whether that was done, as the others do. */
  end(sessions: readonly BrowserSessionView[]): Promise<boolean> {
    return this.#do('sessions', async () => {
      const ended = sessions.map(({ id }) =>
        unwrap(api.DELETE('/api/v1/auth/sessions/{session_id}', { params: { path: { session_id: id } } })),
      );
      await Promise.allSettled(ended);
      await this.sessions.refresh();
      await Promise.all(ended);
    });
  }

  /** One's other sessions end with it. `current` is null where one has none yet. */
  changePassword(current: string | null, next: string): Promise<boolean> {
    return this.#do('password', async () => {
      await unwrap(api.POST('/api/v1/auth/password', { body: { current, new: next } }));
      await this.sessions.refresh();
    });
  }

  /** Make a key; `created` then has its text. */
  createKey(wish: NewApiKey): Promise<boolean> {
    return this.#do('keys', async () => {
      this.created = await unwrap(api.POST('/api/v1/api-keys', { body: wish }));
      await this.keys.refresh();
    });
  }

  /** End a key at once. */
  revokeKey({ id }: ApiKeyView): Promise<boolean> {
    return this.#do('keys', async () => {
      await unwrap(api.DELETE('/api/v1/api-keys/{key_id}', { params: { path: { key_id: id } } }));
      if (this.created?.id === id) this.created = null;
      await this.keys.refresh();
    });
  }

  async #do(part: Part, ask: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await ask();
      [this.problem, this.problemOf] = [null, null];
      return true;
    } catch (thrown) {
      const problem = toProblem(thrown);
      [this.problem, this.problemOf] = [problem, part];
      if (part === 'password' && problem.retryAfterS) this.#againAt = Date.now() + problem.retryAfterS * 1_000;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
