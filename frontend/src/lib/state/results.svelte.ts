/** One result, and what its machine did. */
import { api, unwrap } from '$lib/api/client';
import type { ResultDetail, Telemetry } from '$lib/api/types';
import { Resource } from './resource.svelte';

/** One result with every sample. */
export function resultOf(id: string): Resource<ResultDetail> {
  const path = { result_id: id };
  return new Resource((signal) => unwrap(api.GET('/api/v1/results/{result_id}', { params: { path }, signal })));
}

const POINTS_MOST = 2_400;

/** What the machine did meanwhile, in as many points as a wide screen shows. */
export function telemetryOf(id: string): Resource<Telemetry> {
  const params = { path: { job_id: id }, query: { points: POINTS_MOST } };
  return new Resource((signal) => unwrap(api.GET('/api/v1/jobs/{job_id}/telemetry', { params, signal })));
}
