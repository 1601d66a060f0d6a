/** Where one goes from a session. */
import { apiUrl } from '$lib/api/origin';

/** As many as one comparison, or one report, takes. */
export const COMPARED_MOST = 50;

const query = (name: string, ids: readonly string[]) => ids.map((id) => `${name}=${encodeURIComponent(id)}`).join('&');

export const compareHref = (ids: readonly string[]) => `/compare?${query('result', ids.slice(0, COMPARED_MOST))}`;

export const reportHref = (ids: readonly string[]) =>
  apiUrl(`/api/v1/export/report?${query('result_id', ids.slice(0, COMPARED_MOST))}`);

export const againHref = (resultId: string) => `/benchmarks/new?again=${encodeURIComponent(resultId)}`;

export const trendHref = (series: string, clientId: string) =>
  `/trends?series=${encodeURIComponent(`${series}~${clientId}`)}`;
