/** What the jobs that run have measured so far: medians that their results will tell in full. */
import { api, unwrap } from '$lib/api/client';
import type { JobView, Summary } from '$lib/api/types';
import { isActive } from '$lib/words';

/** A client runs one job at a time; of very many at once the first ones are followed. */
const FOLLOWED_MOST = 12;
const EVERY_MS = 3_000;
/** The more there is to sum up, the longer until it is asked for again. */
const MS_A_SAMPLE = 20;

export class SoFar {
  of = $state.raw<ReadonlyMap<string, Summary>>(new Map());
  readonly #asked = new Map<string, { at: number; samples: number }>();
  #isOver = false;

  stop(): void {
    this.#isOver = true;
  }

  /** Ask for those of these jobs that have gained samples since it was last asked for. */
  see(running: readonly JobView[], now = Date.now()): void {
    this.#forget(running);
    for (const job of running.filter(({ status }) => isActive(status)).slice(0, FOLLOWED_MOST)) {
      const asked = this.#asked.get(job.id);
      const isNew = job.samples_stored > (asked?.samples ?? 0);
      const pause = EVERY_MS + MS_A_SAMPLE * job.samples_stored;
      if (!isNew || (asked && now - asked.at < pause)) continue;
      this.#asked.set(job.id, { at: now, samples: job.samples_stored });
      void this.#ask(job.id);
    }
  }

  async #ask(id: string): Promise<void> {
    try {
      const summary = await unwrap(api.GET('/api/v1/jobs/{job_id}/summary', { params: { path: { job_id: id } } }));
      if (!this.#isOver) this.of = new Map([...this.of, [id, summary]]);
    } catch {
      this.#asked.delete(id); // the cell says without it how the job stands; it is asked for again
    }
  }

  #forget(running: readonly JobView[]): void {
    const ids = new Set(running.map(({ id }) => id));
    if (![...this.of.keys()].some((id) => !ids.has(id))) return;
    this.of = new Map([...this.of].filter(([id]) => ids.has(id)));
  }
}
