/** Whether this browser is signed in. */
import { api, onSignedOut, toProblem, unwrap, type Problem } from '$lib/api/client';

export class Account {
  status = $state<'unknown' | 'in' | 'out'>('unknown');
  /** Why it could not be found out. */
  problem = $state.raw<Problem | null>(null);

  /** Ask the server, and hear of every answer that says "signed out". Returns its own clean-up. */
  start(): () => void {
    void this.check();
    return onSignedOut(() => (this.status = 'out'));
  }

  async check(): Promise<void> {
    try {
      await unwrap(api.GET('/api/v1/auth/me'));
      [this.status, this.problem] = ['in', null];
    } catch (thrown) {
      const problem = toProblem(thrown);
      if (problem.status === 401) this.status = 'out';
      else this.problem = problem;
    }
  }

  /** Exchange the secret of a one-time link for a session cookie. Returns why not, or null. */
  async signIn(secret: string): Promise<string | null> {
    try {
      await unwrap(api.POST('/api/v1/auth/link', { body: { secret } }));
      [this.status, this.problem] = ['in', null];
      return null;
    } catch (thrown) {
      return toProblem(thrown).detail;
    }
  }

  async signOut(): Promise<void> {
    await unwrap(api.POST('/api/v1/auth/sign-out'));
    this.status = 'out';
  }
}

export const account = new Account();
