/** All sessions, newest first. */
import { api, unwrap } from '$lib/api/client';
import type { LiveEvent, SessionView } from '$lib/api/types';
import { live } from '$lib/live.svelte';
import { Paged } from './paged.svelte';

const PAGE = 50;

export class SessionList {
  readonly list = new Paged<SessionView>(async (after, signal) => {
    const query = { after, limit: PAGE };
    const { sessions, next } = await unwrap(api.GET('/api/v1/sessions', { params: { query }, signal }));
    return { entries: sessions, next: next ?? null };
  });

  /** Fetch, and follow the live socket. Returns its own clean-up. */
  start(): () => void {
    void this.list.refresh();
    const stopListening = live.listen((events) => this.hear(events));
    return () => {
      stopListening();
      this.list.stop();
    };
  }

  hear(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'session_changed') this.list.put(event.session);
      if (event.type === 'snapshot' || event.type === 'resync') void this.list.refresh();
    }
  }
}
