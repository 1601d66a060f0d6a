import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSignedOut } from './api/client';
import type { LiveEvent } from './api/types';
import { KEPT_MOST, Live } from './live.svelte';
import { LIVE_RATES_MS, preferences } from './preferences.svelte';
import { aClient } from './testing/builders';
import { aServer } from './testing/server';

/** The browser's WebSocket, moved by hand. */
class HandSocket {
  static all: HandSocket[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;

  constructor(readonly url: string) {
    HandSocket.all.push(this);
  }

  close(): void {
    this.isClosed = true;
  }

  say(event: LiveEvent): void {
    this.onmessage?.({ data: JSON.stringify(event) });
  }
}

const SNAPSHOT: LiveEvent = {
  type: 'snapshot',
  server_time: '2026-11-21T09:00:00Z',
  server_version: '0.1.0',
  clients: [],
  sessions: [],
  operations: [],
};
const CHANGE: LiveEvent = { type: 'client_changed', client: aClient() };
const FLUSH_MS = LIVE_RATES_MS[0];
const newest = () => HandSocket.all.at(-1) as HandSocket;

let live: Live;
let batches: LiveEvent[][];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', HandSocket);
  HandSocket.all = [];
  batches = [];
  live = new Live('ws://test/api/v1/live');
  live.listen((events) => batches.push(events));
});

afterEach(() => {
  live.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('batches', () => {
  it('hands on the first change at once, and those after it together', () => {
    live.start();
    newest().say(SNAPSHOT);
    vi.advanceTimersByTime(0);
    expect(batches).toEqual([[SNAPSHOT]]);
    newest().say(CHANGE);
    newest().say(CHANGE);
    vi.advanceTimersByTime(FLUSH_MS - 1);
    expect(batches).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(batches[1]).toEqual([CHANGE, CHANGE]);
  });

  it('puts a snapshot together that came in parts, and forgets those of a connection that broke off', () => {
    const part = (id: string): LiveEvent => ({ type: 'snapshot_part', clients: [aClient({ id })] });
    live.start();
    newest().say(part('lost'));
    live.retry();
    newest().say(part('attic-1'));
    newest().say(part('attic-2'));
    vi.advanceTimersByTime(FLUSH_MS);
    expect(batches).toEqual([]);
    newest().say({ ...SNAPSHOT, clients: [aClient({ id: 'attic-3' })] } as LiveEvent);
    vi.advanceTimersByTime(FLUSH_MS);
    const [[snapshot]] = batches as [[LiveEvent]];
    expect(snapshot.type === 'snapshot' && snapshot.clients.map(({ id }) => id)).toEqual([
      'attic-1',
      'attic-2',
      'attic-3',
    ]);
  });

  it('says nothing to who stopped listening', () => {
    const heard = vi.fn();
    live.listen(heard)();
    live.start();
    newest().say(SNAPSHOT);
    vi.advanceTimersByTime(FLUSH_MS);
    expect(heard).not.toHaveBeenCalled();
  });
});

describe('the rate', () => {
  afterEach(() => preferences.set('liveRateMs', FLUSH_MS));

  it("is the reader's own", () => {
    preferences.set('liveRateMs', 5_000);
    live.start();
    newest().say(SNAPSHOT);
    vi.advanceTimersByTime(0);
    newest().say(CHANGE);
    vi.advanceTimersByTime(4_999);
    expect(batches).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(batches).toHaveLength(2);
  });
});

describe('a pause', () => {
  beforeEach(() => {
    live.start();
    newest().say(SNAPSHOT);
    vi.advanceTimersByTime(0);
    batches = [];
  });

  const changeOf = (id: string): LiveEvent => ({ type: 'client_changed', client: aClient({ id }) });

  it('lets changes wait, tells how many things changed, and shows their newest state afterwards', () => {
    live.pause();
    for (const id of ['a', 'b', 'a']) newest().say(changeOf(id));
    vi.advanceTimersByTime(60_000);
    expect(batches).toEqual([]);
    expect([live.isPaused, live.waitingCount, live.connection]).toEqual([true, 2, 'live']);
    live.resume();
    expect(batches).toEqual([[changeOf('b'), changeOf('a')]]);
    expect([live.isPaused, live.waitingCount]).toEqual([false, 0]);
  });

  it('keeps what had come and was not shown yet', () => {
    newest().say(changeOf('a'));
    live.pause();
    vi.advanceTimersByTime(60_000);
    expect([batches.length, live.waitingCount]).toEqual([0, 1]);
    live.resume();
    expect(batches).toEqual([[changeOf('a')]]);
  });

  it('has all fetched anew where more changed than is kept', () => {
    live.pause();
    for (let id = 0; id <= KEPT_MOST; id++) newest().say(changeOf(`c${id}`));
    expect(live.waitingCount).toBe(KEPT_MOST + 1);
    live.resume();
    expect(batches).toEqual([[{ type: 'resync' }]]);
  });

  it('forgets what came before a new snapshot', () => {
    live.pause();
    newest().say(changeOf('a'));
    newest().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1_000);
    newest().say(SNAPSHOT);
    live.resume();
    expect(batches).toEqual([[SNAPSHOT]]);
  });

  it("ends with the connection's own end", () => {
    live.pause();
    live.stop();
    expect(live.isPaused).toBe(false);
  });
});

describe('the connection', () => {
  it('is live from the snapshot on', () => {
    live.start();
    expect(live.connection).toBe('connecting');
    newest().say(SNAPSHOT);
    expect([live.connection, live.serverVersion]).toEqual(['live', '0.1.0']);
  });

  it('is lost since the first loss, however often it is tried again, and comes back by itself', () => {
    live.start();
    newest().say(SNAPSHOT);
    newest().onclose?.({ code: 1006 });
    const lostAt = live.lostAt;
    expect(live.connection).toBe('lost');
    vi.advanceTimersByTime(1_000);
    expect(HandSocket.all).toHaveLength(2);
    newest().onclose?.({ code: 1006 });
    expect(live.lostAt).toBe(lostAt);
    vi.advanceTimersByTime(5_000);
    newest().say(SNAPSHOT);
    expect([live.connection, live.lostAt]).toEqual(['live', null]);
  });

  it('waits longer after each failure, never for ever', () => {
    live.start();
    for (let failure = 0; failure < 12; failure++) {
      const tried = HandSocket.all.length;
      newest().onclose?.({ code: 1006 });
      vi.advanceTimersByTime(12_000);
      expect(HandSocket.all.length).toBe(tried + 1);
    }
  });

  it('is tried at once when the window wakes', () => {
    live.start();
    newest().onclose?.({ code: 1006 });
    const tried = HandSocket.all.length;
    dispatchEvent(new Event('online'));
    expect(HandSocket.all.length).toBe(tried + 1);
  });

  it('ends where nobody is signed in, and says so', () => {
    const told = vi.fn();
    const stop = onSignedOut(told);
    live.start();
    newest().onclose?.({ code: 4401 });
    stop();
    expect(told).toHaveBeenCalledOnce();
    expect(live.connection).toBe('closed');
    vi.advanceTimersByTime(60_000);
    expect(HandSocket.all).toHaveLength(1);
  });

  it('is closed by its own clean-up', () => {
    live.start()();
    expect(newest().isClosed).toBe(true);
    expect(live.connection).toBe('closed');
  });
});

it('notices a network that went silent: it asks, and nobody answers', async () => {
  vi.useRealTimers();
  const server = await aServer(() => undefined);
  try {
    live.start();
    newest().say(SNAPSHOT);
    dispatchEvent(new Event('offline'));
    await vi.waitFor(() => expect(live.connection).toBe('lost'));
    expect(server.asked[0]?.path).toBe('/api/v1/auth/me');
  } finally {
    await server.stop();
  }
});
