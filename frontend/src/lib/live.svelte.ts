/** The one WebSocket. Hears the server's changes, hands them on in batches, and comes back by itself. */
import { announceSignedOut, api, unwrap } from './api/client';
import { liveAddress } from './api/origin';
import type { ClientView, LiveEvent } from './api/types';
import { Backlog } from './backlog';
import { preferences } from './preferences.svelte';

export type Connection = 'closed' | 'connecting' | 'live' | 'lost';
export type Listener = (events: LiveEvent[]) => void;

/** While the page is paused so many changed things are kept; beyond it, all is fetched anew afterwards. */
export const KEPT_MOST = 2_000;
const RETRY_FIRST_MS = 400;
const RETRY_MOST_MS = 8_000;
/** A network that goes silent closes no socket: so ask now and then. */
const PROBE_MS = 15_000;
const PROBE_PATIENCE_MS = 5_000;
const CLOSE_NOT_SIGNED_IN = 4401;

/** Whether something may have been missed before an event: what was fetched earlier is to be fetched anew. */
export function isGap({ type }: LiveEvent): boolean {
  return type === 'snapshot' || type === 'resync';
}

export class Live {
  connection = $state<Connection>('closed');
  /** When the connection was lost, in ms since 1970; null while it stands. */
  lostAt = $state<number | null>(null);
  serverVersion = $state<string | null>(null);
  /** Whether this device has a network, as far as its browser knows. */
  hasNetwork = $state(true);
  /** Changes wait until the reader wants to see them. */
  isPaused = $state(false);
  /** How many things changed since then. */
  waitingCount = $state(0);

  #socket: WebSocket | null = null;
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Backlog(KEPT_MOST);
  /** What came ahead of a snapshot. */
  #ahead: ClientView[] = [];
  #flushedAt = 0;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #probeTimer: ReturnType<typeof setInterval> | undefined;
  #failures = 0;
  readonly #address: string | undefined;

  constructor(address?: string) {
    this.#address = address;
  }

  /** Hear every batch of changes. Returns its own clean-up. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Connect, and stay connected until the returned function is called. */
  start(): () => void {
    if (this.connection === 'closed') this.#open();
    this.#probeTimer ??= setInterval(() => void this.#probe(), PROBE_MS);
    const onWake = () => this.#wake();
    addEventListener('online', onWake);
    addEventListener('offline', onWake);
    document.addEventListener('visibilitychange', onWake);
    return () => {
      removeEventListener('online', onWake);
      removeEventListener('offline', onWake);
      document.removeEventListener('visibilitychange', onWake);
      this.stop();
    };
  }

  /** Close the connection and forget what waits. */
  stop(): void {
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#retryTimer);
    clearInterval(this.#probeTimer);
    this.#flushTimer = this.#retryTimer = this.#probeTimer = undefined;
    this.#waiting.take();
    [this.isPaused, this.waitingCount] = [false, 0];
    this.#drop();
    this.connection = 'closed';
  }

  /** Try again now rather than when the timer says. */
  retry(): void {
    clearTimeout(this.#retryTimer);
    this.#open();
  }

  /** Let changes wait. The connection stands, so that nothing is missed. */
  pause(): void {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.isPaused = true;
    this.waitingCount = this.#waiting.size;
  }

  /** Show what waits, and go on. */
  resume(): void {
    this.isPaused = false;
    if (this.#waiting.size) this.#flush();
  }

  #open(): void {
    this.#drop();
    this.#ahead = [];
    if (this.connection !== 'lost') this.connection = 'connecting';
    const socket = new WebSocket(this.#address ?? liveAddress());
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)) as LiveEvent);
    socket.onclose = ({ code }) => this.#lose(code);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'snapshot_part') {
      this.#ahead.push(...event.clients);
      return;
    }
    if (event.type === 'snapshot') {
      event.clients = [...this.#ahead, ...event.clients];
      this.#ahead = [];
      this.#stand(event.server_version);
    }
    this.#waiting.put(event, this.isPaused);
    if (this.isPaused) this.waitingCount = this.#waiting.size;
    else {
      const due = this.#flushedAt + preferences.liveRateMs;
      this.#flushTimer ??= setTimeout(() => this.#flush(), Math.max(0, due - Date.now()));
    }
  }

  #stand(version: string): void {
    this.connection = 'live';
    this.lostAt = null;
    this.serverVersion = version;
    this.#failures = 0;
  }

  #flush(): void {
    const events = this.#waiting.take();
    this.#flushTimer = undefined;
    this.waitingCount = 0;
    this.#flushedAt = Date.now();
    this.#listeners.forEach((listener) => listener(events));
  }

  #lose(code?: number): void {
    this.#drop();
    if (code === CLOSE_NOT_SIGNED_IN) {
      this.stop();
      announceSignedOut();
      return;
    }
    this.connection = 'lost';
    this.lostAt ??= Date.now();
    const pause = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** this.#failures++);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#open(), pause * (0.5 + Math.random()));
  }

  #wake(): void {
    this.hasNetwork = navigator.onLine;
    if (this.connection === 'lost') this.retry();
    else void this.#probe();
  }

  async #probe(): Promise<void> {
    if (this.connection !== 'live') return;
    const socket = this.#socket;
    try {
      await unwrap(api.GET('/api/v1/auth/me', { signal: AbortSignal.timeout(PROBE_PATIENCE_MS) }));
    } catch {
      if (socket === this.#socket && this.connection === 'live') this.#lose();
    }
  }
}

export const live = new Live();
