/** How much is under way, for the navigation: what the live socket tells, counted. */
import type { LiveEvent, OperationView, SessionView } from '$lib/api/types';
import { live } from '$lib/live.svelte';

const ENDED: ReadonlySet<OperationView['status']> = new Set(['completed', 'failed', 'cancelled', 'skipped', 'lost']);

export class UnderWay {
  #sessions = $state.raw<ReadonlySet<string>>(new Set());
  #operations = $state.raw<ReadonlySet<string>>(new Set());
  /** By the page that shows them. */
  readonly counts = $derived({ '/benchmarks': this.#sessions.size, '/operations': this.#operations.size });

  /** Hear the live socket. Returns its own clean-up. */
  start(): () => void {
    return live.listen((events) => this.hear(events));
  }

  hear(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'snapshot') {
        this.#sessions = new Set(event.sessions.filter(isRunning).map(({ id }) => id));
        this.#operations = new Set(event.operations.filter(isOpen).map(({ id }) => id));
      } else if (event.type === 'session_changed') {
        this.#sessions = counted(this.#sessions, event.session.id, isRunning(event.session));
      } else if (event.type === 'operation_changed') {
        this.#operations = counted(this.#operations, event.operation.id, isOpen(event.operation));
      }
    }
  }
}

const isRunning = ({ state }: SessionView) => state === 'running';
const isOpen = ({ status }: OperationView) => !ENDED.has(status);

function counted(ids: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> {
  if (ids.has(id) === isIn) return ids;
  const next = new Set(ids);
  if (isIn) next.add(id);
  else next.delete(id);
  return next;
}

export const underWay = new UnderWay();
