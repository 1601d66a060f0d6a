/** Why the jobs of a session wait: fetched where some do. */
import { api, unwrap } from '$lib/api/client';
import type { Waits } from '$lib/session/waits';

export { whyItWaits, withWaits } from '$lib/session/waits';

/** Null where there is no answer: it is asked again in a few seconds. */
export async function waitsNow(id: string): Promise<Waits | null> {
  const params = { path: { session_id: id } };
  try {
    return (await unwrap(api.GET('/api/v1/sessions/{session_id}/waits', { params }))).clients;
  } catch {
    return null;
  }
}
