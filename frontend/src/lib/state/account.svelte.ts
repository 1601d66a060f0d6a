/** Who this browser is signed in as, and what they may do; told to and by its other tabs. */
import { api, onRefused, onSignedOut, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { Me, Permission } from '$lib/api/types';
import { forgetRecents } from './forget';

const CHANNEL = 'obt-account';
type News = 'signed in' | 'signed out';

export class Account {
  status = $state<'unknown' | 'in' | 'out'>('unknown');
  /** Who one is; null while nobody is signed in. A guest, where the server lets anybody read, is one too. */
  me = $state.raw<Me | null>(null);
  /** Why it could not be found out. */
  problem = $state.raw<Problem | null>(null);
  /** When the sign-in ended although nobody signed out, in ms since 1970: what is on screen is from then. */
  lapsedAt = $state<number | null>(null);

  #turn = 0;

  readonly isGuest = $derived(this.me?.kind === 'guest');

  /** Whether one's role grants it: what it does not grant is not offered. The server decides. */
  can(permission: Permission): boolean {
    return this.me?.permissions.includes(permission) ?? false;
  }

  /**
   * Ask the server, unless somebody is just about to sign in; hear of every answer that says "signed out", and of other
   * tabs. Returns its own clean-up.
   */
  start(asks = true): () => void {
    if (asks) void this.check();
    const stops = [onSignedOut(() => this.#lapse()), onRefused(() => this.status === 'in' && void this.check())];
    const onFocus = () => this.status === 'out' && void this.check();
    addEventListener('focus', onFocus);
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<News>) => (data === 'signed in' ? void this.check() : this.#leave());
    return () => {
      stops.forEach((stop) => stop());
      removeEventListener('focus', onFocus);
      channel.close();
    };
  }

  /** An answer counts only where nothing was asked or done since: who signed out stays out. */
  async check(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const me = await unwrap(api.GET('/api/v1/auth/me'));
      if (turn === this.#turn) this.#enter(me);
    } catch (thrown) {
      if (turn !== this.#turn) return;
      const problem = toProblem(thrown);
      if (problem.status === 401 || problem.code === 'needs_setup') this.#lapse();
      else this.problem = problem;
    }
  }

  /** This browser was given a session: find out whose, and tell the other tabs. */
  async entered(): Promise<void> {
    await this.check();
    tell('signed in');
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
    forgetRecents();
    this.#leave();
    tell('signed out');
  }

  #enter(me: Me): void {
    [this.status, this.me, this.problem, this.lapsedAt] = ['in', me, null, null];
  }

  #lapse(): void {
    if (this.status === 'in') this.lapsedAt = Date.now();
    this.status = 'out';
  }

  #leave(): void {
    this.#turn++;
    [this.status, this.me, this.lapsedAt] = ['out', null, null];
  }
}

function tell(news: News): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(news);
  channel.close();
}

export const account = new Account();
