/** Whether this browser is signed in; told to and by its other tabs. */
import { api, onSignedOut, toProblem, unwrap, type Problem } from '$lib/api/client';
import { recents } from './recents';

const CHANNEL = 'obt-account';
type News = 'signed in' | 'signed out';

export class Account {
  status = $state<'unknown' | 'in' | 'out'>('unknown');
  /** Why it could not be found out. */
  problem = $state.raw<Problem | null>(null);
  /** When the sign-in ended although nobody signed out, in ms since 1970: what is on screen is from then. */
  lapsedAt = $state<number | null>(null);

  /** Ask the server; hear of every answer that says "signed out", and of other tabs. Returns its own clean-up. */
  start(): () => void {
    void this.check();
    const stopListening = onSignedOut(() => this.#lapse());
    const onFocus = () => this.status === 'out' && void this.check();
    addEventListener('focus', onFocus);
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<News>) => (data === 'signed in' ? void this.check() : this.#leave());
    return () => {
      stopListening();
      removeEventListener('focus', onFocus);
      channel.close();
    };
  }

  async check(): Promise<void> {
    try {
      await unwrap(api.GET('/api/v1/auth/me'));
      this.#enter();
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.status === 401) this.#lapse();
      else this.problem = problem;
    }
  }

  /** Exchange the secret of a one-time link for a session cookie. Returns why not, or null. */
  async signIn(secret: string): Promise<string | null> {
    try {
      await unwrap(api.POST('/api/v1/auth/link', { body: { secret } }));
      this.#enter();
      tell('signed in');
      return null;
    } catch (thrown) {
      return toProblem(thrown).detail;
    }
  }

  /** Never throws: where the server cannot be asked, `problem` says that the sign-in still stands. */
  async signOut(): Promise<void> {
    try {
      await unwrap(api.POST('/api/v1/auth/sign-out'));
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.status !== 401) {
        this.problem = problem;
        return;
      }
    }
    recents.clear();
    this.#leave();
    tell('signed out');
  }

  #enter(): void {
    [this.status, this.problem, this.lapsedAt] = ['in', null, null];
  }

  #lapse(): void {
    if (this.status === 'in') this.lapsedAt = Date.now();
    this.status = 'out';
  }

  #leave(): void {
    [this.status, this.lapsedAt] = ['out', null];
  }
}

function tell(news: News): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(news);
  channel.close();
}

export const account = new Account();
