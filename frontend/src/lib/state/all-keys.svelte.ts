/** The API keys of everybody, for administrators. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ApiKeyView } from '$lib/api/types';
import { Resource } from './resource.svelte';

export class AllKeys {
  readonly list = new Resource<ApiKeyView[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/api-keys', { params: { query: { all: true } }, signal }))).keys;
  });
  /** Why the last one was not revoked. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);

  /** Fetch. Returns its own clean-up. */
  start(): () => void {
    void this.list.refresh();
    return () => this.list.stop();
  }

  /** End a key at once. */
  async revoke({ id }: ApiKeyView): Promise<void> {
    this.busy = true;
    try {
      await unwrap(api.DELETE('/api/v1/api-keys/{key_id}', { params: { path: { key_id: id } } }));
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    await this.list.refresh();
    this.busy = false;
  }
}
