/** All tokens with which machines may enrol. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { CreatedEnrolmentToken, EnrolmentTokenView, NewEnrolmentToken } from '$lib/api/types';
import { Resource } from './resource.svelte';

export class EnrolmentTokens {
  readonly list = new Resource<EnrolmentTokenView[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/enrolment-tokens', { signal }))).tokens;
  });
  /** Why the last thing asked for was refused. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** The one that was made last, with its text, which the server tells once. */
  made = $state.raw<CreatedEnrolmentToken | null>(null);

  /** Fetch. Returns its own clean-up. */
  start(): () => void {
    void this.list.refresh();
    return () => this.list.stop();
  }

  /** Make one. Returns whether that was done. */
  create(wish: NewEnrolmentToken): Promise<boolean> {
    return this.#do(async () => {
      this.made = await unwrap(api.POST('/api/v1/enrolment-tokens', { body: wish }));
    });
  }

  /** Make one useless; clients that enrolled with it stay. */
  revoke({ id }: EnrolmentTokenView): Promise<boolean> {
    return this.#do(async () => {
      const params = { path: { token_id: id } };
      await unwrap(api.DELETE('/api/v1/enrolment-tokens/{token_id}', { params }));
      if (this.made?.id === id) this.made = null;
    });
  }

  async #do(ask: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await ask();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    await this.list.refresh();
    this.busy = false;
    return this.problem === null;
  }
}
