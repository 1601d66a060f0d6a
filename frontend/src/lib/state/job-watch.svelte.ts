/** One job looked at: its samples as they come, what they come to, and what its machine does meanwhile. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { HardwareSnapshot, JobView, SamplePoint, Summary, Telemetry } from '$lib/api/types';
import { hasEnded, isActive } from '$lib/words';
import { mergedSamples } from '$lib/session/live-samples';
import { Resource } from './resource.svelte';

/** Summing up takes the server its time: not more often than this. */
const SUMMARY_EVERY_MS = 2_000;
const TELEMETRY_EVERY_MS = 4_000;
const POINTS_MOST = 900;

export class JobWatch {
  readonly id: string;
  samples = $state.raw<readonly SamplePoint[]>([]);
  /** Whether the samples that there are now have been fetched once. */
  isLoaded = $state(false);
  problem = $state.raw<Problem | null>(null);
  readonly summary: Resource<Summary>;
  readonly telemetry: Resource<Telemetry>;
  readonly hardware: Resource<HardwareSnapshot | null>;
  #job: JobView | null = null;
  #pulling: AbortController | null = null;
  #summedAt = 0;
  #telemetryAt = 0;
  #wasEnded = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(id: string) {
    this.id = id;
    const path = { job_id: id };
    this.summary = new Resource((signal) =>
      unwrap(api.GET('/api/v1/jobs/{job_id}/summary', { params: { path }, signal })),
    );
    this.telemetry = new Resource((signal) => {
      const params = { path, query: { points: POINTS_MOST } };
      return unwrap(api.GET('/api/v1/jobs/{job_id}/telemetry', { params, signal }));
    });
    this.hardware = new Resource(async (signal) => {
      const params = { path: { client_id: this.#job?.client_id ?? '' } };
      const { current } = await unwrap(api.GET('/api/v1/clients/{client_id}/hardware', { params, signal }));
      return current;
    });
  }

  /** Look at it until the returned function is called. */
  start(): () => void {
    this.#timer = setInterval(() => this.#renew(), SUMMARY_EVERY_MS);
    return () => {
      clearInterval(this.#timer);
      this.#pulling?.abort();
      this.summary.stop();
      this.telemetry.stop();
      this.hardware.stop();
    };
  }

  /** How the job stands now: fetch what it has that is not here yet. */
  see(job: JobView): void {
    const isFirst = this.#job === null;
    this.#job = job;
    if (isFirst) void this.hardware.refresh();
    const hasJustEnded = hasEnded(job.status) && !this.#wasEnded;
    this.#wasEnded = hasEnded(job.status);
    if (isFirst || hasJustEnded || job.samples_stored > this.samples.length) void this.#pull(hasJustEnded && !isFirst);
    if (isFirst || hasJustEnded) {
      this.#summedAt = this.#telemetryAt = 0;
      this.#renew();
    }
  }

  /** Everything anew: after a failure. */
  retry(): void {
    if (this.#job) void this.#pull(true);
    void this.telemetry.refresh();
  }

  /** Samples from behind the last one on; from the first one on at the end, since some may have come out of turn. */
  async #pull(whole: boolean): Promise<void> {
    if (this.#pulling && !whole) return; // what comes now is fetched with the page after this one
    this.#pulling?.abort();
    const pulling = (this.#pulling = new AbortController());
    try {
      let after: number | null = whole ? 0 : (this.samples.at(-1)?.number ?? 0);
      while (after !== null) {
        const params: { path: { job_id: string }; query: { after: number } } = {
          path: { job_id: this.id },
          query: { after },
        };
        const page = await unwrap(api.GET('/api/v1/jobs/{job_id}/samples', { params, signal: pulling.signal }));
        this.samples = mergedSamples(this.samples, page.samples);
        after = page.next;
      }
      [this.isLoaded, this.problem] = [true, null];
    } catch (thrown) {
      if (!pulling.signal.aborted) this.problem = toProblem(thrown);
    }
    if (this.#pulling === pulling) this.#pulling = null;
  }

  #renew(): void {
    const [job, now] = [this.#job, Date.now()];
    if (!job) return;
    const counted = this.summary.data?.workloads.reduce((sum, { taken }) => sum + taken, 0) ?? -1;
    const measured = this.samples.filter(({ role }) => role !== 'warmup').length;
    if (!this.#summedAt || (isActive(job.status) && counted !== measured)) {
      this.#summedAt = now;
      void this.summary.refresh();
    }
    const isDue = isActive(job.status) && now - this.#telemetryAt >= TELEMETRY_EVERY_MS;
    if (!this.#telemetryAt || isDue) {
      this.#telemetryAt = now;
      void this.telemetry.refresh();
    }
  }
}
