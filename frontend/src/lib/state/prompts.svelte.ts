/** Prompts to put into suites: those that come with OBT and those that were saved. */
import { api, toProblem, unwrap } from '$lib/api/client';
import type { PromptView } from '$lib/api/types';
import { Resource } from './resource.svelte';

export class Prompts {
  readonly list = new Resource<PromptView[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/prompts', { signal }))).prompts;
  });
  /** What became of the last wish, in a sentence. */
  told = $state('');

  start(): () => void {
    void this.list.refresh();
    return () => this.list.stop();
  }

  /** The text of a prompt; null where it could not be had (`told` says why). */
  async text(name: string): Promise<string | null> {
    try {
      return (await unwrap(api.GET('/api/v1/prompts/{name}', { params: { path: { name } } }))).text;
    } catch (thrown) {
      this.told = toProblem(thrown).detail;
      return null;
    }
  }

  async save(name: string, text: string): Promise<void> {
    try {
      await unwrap(api.PUT('/api/v1/prompts/{name}', { params: { path: { name } }, body: { text, purpose: '' } }));
      this.told = `Saved as ${name}.`;
      await this.list.refresh();
    } catch (thrown) {
      this.told = toProblem(thrown).detail;
    }
  }
}
