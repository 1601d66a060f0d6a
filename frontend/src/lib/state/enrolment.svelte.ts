/** Making a token with which a machine becomes a client. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { CreatedEnrolmentToken } from '$lib/api/types';

const EXPIRES_IN_HOURS = 24;

export class Enrolment {
  token = $state.raw<CreatedEnrolmentToken | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  /** Make a token that so many machines may use within a day. */
  async create(uses: number): Promise<void> {
    this.busy = true;
    try {
      const body = { label: 'made in the dashboard', uses, expires_in_hours: EXPIRES_IN_HOURS };
      this.token = await unwrap(api.POST('/api/v1/enrolment-tokens', { body }));
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }
}
