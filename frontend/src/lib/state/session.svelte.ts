/** One session: its matrix of jobs, filling live. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { JobView, LiveEvent, SessionDetail } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { hasEnded } from '$lib/words';
import { Resource } from './resource.svelte';

export class SessionState {
  readonly id: string;
  readonly resource: Resource<SessionDetail>;
  /** Why the last cancelling failed. */
  problem = $state.raw<Problem | null>(null);

  readonly session = $derived.by(() => this.resource.data);
  readonly #jobs = $derived.by(
    () => new Map((this.resource.data?.jobs ?? []).map((job) => [`${job.client_id}/${job.model}`, job])),
  );
  readonly models = $derived.by(() => [...new Set((this.resource.data?.jobs ?? []).map((job) => job.model))]);
  readonly clients = $derived.by(() =>
    [...new Map((this.resource.data?.jobs ?? []).map((job) => [job.client_id, job.client_name]))].map(([id, name]) => ({
      id,
      name,
    })),
  );
  readonly ended = $derived.by(() => (this.resource.data?.jobs ?? []).filter((job) => hasEnded(job.status)).length);
  readonly isOpen = $derived.by(() => this.session?.state === 'queued' || this.session?.state === 'running');

  constructor(id: string) {
    this.id = id;
    const path = { session_id: id };
    this.resource = new Resource((signal) =>
      unwrap(api.GET('/api/v1/sessions/{session_id}', { params: { path }, signal })),
    );
  }

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    void this.resource.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.resource.stop();
    };
  }

  /** Patch the jobs that moved; after a reconnect fetch everything. */
  hear(events: LiveEvent[]): void {
    if (events.some(({ type }) => type === 'snapshot' || type === 'resync')) void this.resource.refresh();
    const known = this.resource.data;
    if (known) this.resource.data = events.reduce(patch, known);
  }

  jobAt(model: string, clientId: string): JobView | undefined {
    return this.#jobs.get(`${clientId}/${model}`);
  }

  async cancelJob(job: JobView): Promise<void> {
    await this.#cancel(() =>
      unwrap(api.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: job.id } } })),
    );
  }

  async cancelAll(): Promise<void> {
    const path = { session_id: this.id };
    await this.#cancel(() => unwrap(api.POST('/api/v1/sessions/{session_id}/cancel', { params: { path } })));
  }

  async #cancel(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
    await this.resource.refresh();
  }
}

function patch(session: SessionDetail, event: LiveEvent): SessionDetail {
  if (event.type === 'session_changed' && event.session.id === session.id) return { ...session, ...event.session };
  if (event.type !== 'job_changed' || event.job.session_id !== session.id) return session;
  return { ...session, jobs: session.jobs.map((job) => (job.id === event.job.id ? event.job : job)) };
}
