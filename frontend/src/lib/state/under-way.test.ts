import { expect, it } from 'vitest';
import type { LiveEvent, OperationView } from '$lib/api/types';
import { aSession } from '$lib/testing/builders';
import { UnderWay } from './under-way.svelte';

const anOperation = (id: string, status: OperationView['status']) => ({ id, status }) as OperationView;
const snapshot = {
  type: 'snapshot',
  server_time: '',
  server_version: '0',
  clients: [],
  sessions: [aSession({ id: 'a', state: 'running' }), aSession({ id: 'b', state: 'completed' })],
  operations: [anOperation('x', 'queued')],
} as LiveEvent;

it('counts what runs, once, and what began and ended since', () => {
  const underWay = new UnderWay();
  underWay.hear([snapshot]);
  expect(underWay.counts).toEqual({ '/benchmarks': 1, '/operations': 1 });
  underWay.hear([
    { type: 'session_changed', session: aSession({ id: 'a', state: 'running' }) },
    { type: 'session_changed', session: aSession({ id: 'c', state: 'running' }) },
    { type: 'operation_changed', operation: anOperation('y', 'running') },
    { type: 'operation_changed', operation: anOperation('x', 'failed') },
  ]);
  expect(underWay.counts).toEqual({ '/benchmarks': 2, '/operations': 1 });
  underWay.hear([{ type: 'session_changed', session: aSession({ id: 'c', state: 'partial' }) }, snapshot]);
  expect(underWay.counts).toEqual({ '/benchmarks': 1, '/operations': 1 });
});
