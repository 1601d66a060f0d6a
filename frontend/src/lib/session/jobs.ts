/** The jobs of one session as values: what was fetched, and what was heard of them meanwhile. Pure functions. */
import type { JobView, LiveEvent, SessionView } from '$lib/api/types';
import { hasEnded, isActive } from '$lib/words';

export interface Jobs {
  /** In the order in which they were asked for. */
  readonly all: readonly JobView[];
  readonly byId: ReadonlyMap<string, JobView>;
}

export const NO_JOBS: Jobs = { all: [], byId: new Map() };

/** Every job once, the later word of one that is told twice. */
export function jobsOf(jobs: readonly JobView[]): Jobs {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return { all: [...byId.values()], byId };
}

/** What a batch of changes tells of this session: its newest view, and the newest of each of its jobs. */
export interface News {
  session: SessionView | null;
  jobs: ReadonlyMap<string, JobView>;
}

export const NO_NEWS: News = { session: null, jobs: new Map() };

export function newsOf(id: string, events: readonly LiveEvent[]): News {
  const jobs = new Map<string, JobView>();
  let session: SessionView | null = null;
  for (const event of events) {
    if (event.type === 'job_changed' && event.job.session_id === id) jobs.set(event.job.id, event.job);
    if (event.type === 'session_changed' && event.session.id === id) session = event.session;
  }
  return { session, jobs };
}

/** Two batches as one: the later word stands. */
export function joined(earlier: News, later: News): News {
  return { session: later.session ?? earlier.session, jobs: new Map([...earlier.jobs, ...later.jobs]) };
}

/** Put news in the place of what they renew; the same object where nothing is new. Jobs that are not known wait. */
export function renewed(known: Jobs, news: News): Jobs {
  if (![...news.jobs.keys()].some((id) => known.byId.has(id))) return known;
  return jobsOf(
    known.all.map((job) => {
      const told = news.jobs.get(job.id);
      // Live messages do not say why a job waits: what was known of it stands until it is asked again.
      return told?.status === 'queued' ? { ...told, waits_for: job.waits_for } : (told ?? job);
    }),
  );
}

export interface Axis {
  id: string;
  name: string;
}

/** Models and clients in the order in which they first occur: it never changes while a session runs. */
export function axesOf(jobs: readonly JobView[]): { models: Axis[]; clients: Axis[] } {
  const models = new Map(jobs.map(({ model }) => [model, model]));
  const clients = new Map(jobs.map(({ client_id, client_name }) => [client_id, client_name]));
  const axis = (entries: Map<string, string>) => [...entries].map(([id, name]) => ({ id, name }));
  return { models: axis(models), clients: axis(clients) };
}

/** Whether two states of the jobs have the same sides: cheap to tell, since most jobs stay the same objects. */
export function haveSameNames(jobs: readonly JobView[], others: readonly JobView[]): boolean {
  if (jobs.length !== others.length) return false;
  return jobs.every((job, index) => {
    const other = others[index];
    return job === other || (job.id === other?.id && job.client_name === other.client_name);
  });
}

export const cellKey = (model: string, clientId: string) => `${clientId}/${model}`;

/** Jobs that a client works on, those first that began first. */
export function running(jobs: readonly JobView[]): JobView[] {
  const began = ({ claimed_at, id }: JobView) => `${claimed_at ?? ''} ${id}`;
  return jobs.filter(({ status }) => isActive(status)).sort((a, b) => began(a).localeCompare(began(b)));
}

export function endedCount(jobs: readonly JobView[]): number {
  return jobs.filter(({ status }) => hasEnded(status)).length;
}
