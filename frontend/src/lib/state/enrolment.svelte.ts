/** Making a token with which a machine becomes a client, and seeing who came with it. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ClientView, CreatedEnrolmentToken, Downloads } from '$lib/api/types';
import { Resource } from './resource.svelte';

const EXPIRES_IN_HOURS = 24;

/** What this server has for machines that are to become clients. */
export function downloadsHere(): Resource<Downloads> {
  return new Resource((signal) => unwrap(api.GET('/api/v1/downloads', { signal })));
}

export class Enrolment {
  token = $state.raw<CreatedEnrolmentToken | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  readonly downloads = downloadsHere();
  /** Who was a client before the first token was made. */
  #before = $state.raw<ReadonlySet<string> | null>(null);
  readonly #clients: () => readonly ClientView[];

  constructor(clients: () => readonly ClientView[] = () => []) {
    this.#clients = clients;
  }

  /** Clients that came since the first token was made. */
  readonly arrived = $derived.by(() => {
    const before = this.#before;
    return before ? this.#clients().filter(({ id }) => !before.has(id)) : [];
  });

  /** Make a token that so many machines may use within a day; each of them gets the tags. */
  async create(uses: number, tags: string[] = []): Promise<void> {
    this.busy = true;
    this.#before ??= new Set(this.#clients().map(({ id }) => id));
    try {
      const body = { label: 'made in the dashboard', uses, expires_in_hours: EXPIRES_IN_HOURS, tags };
      this.token = await unwrap(api.POST('/api/v1/enrolment-tokens', { body }));
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    this.busy = false;
  }
}
