import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { aResult, aSample, estimate, SUITE } from '$lib/testing/builders';
import Facts from './Facts.svelte';
import Headline from './Headline.svelte';
import ResultRows from './ResultRows.svelte';
import SampleTable from './SampleTable.svelte';
import SessionRows from './SessionRows.svelte';
import WorkloadTable from './WorkloadTable.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');

it('ResultRows shows each rate with its interval, and the suite only where there are several', () => {
  const results = [
    aResult(),
    aResult({ id: 'r2', grade: 'disturbed', reasons: ['samples_left_out'], model: 'qwen3:8b' }),
  ];
  const { unmount } = render(ResultRows, { results, now: NOW, colours: { 'qwen3:8b': 2 } });
  expect(screen.getAllByText('88.0–91.0')).toHaveLength(2);
  expect(screen.getByTitle('some samples were left out of the summary')).toHaveTextContent('disturbed');
  expect(screen.queryByRole('columnheader', { name: 'Suite' })).toBeNull();
  unmount();
  render(ResultRows, { results: [aResult(), aResult({ id: 'r3', suite_hash: 'another' })], now: NOW });
  expect(screen.getByRole('columnheader', { name: 'Suite' })).toBeVisible();
});

it('Facts gives the whole of what is shortened', () => {
  render(Facts, { facts: [{ name: 'Digest', value: 'c0ffee', full: 'sha256:c0ffee00' }] });
  expect(screen.getByTitle('sha256:c0ffee00')).toHaveTextContent('c0ffee');
});

it('SessionRows says how many jobs are done, and what the others became', () => {
  const view = {
    id: 's',
    title: 'Evening',
    suite_name: 'quick',
    suite_hash: 'c0ffee00',
    created_at: '2026-11-21T09:00:00Z',
    ended_at: null,
  };
  render(SessionRows, {
    sessions: [{ ...view, state: 'running', counts: { completed: 2, queued: 1, failed: 1, skipped: 2 } }],
    now: NOW,
  });
  for (const text of ['5/6', '1 failed, 2 skipped', '5 min ago', 'running'])
    expect(screen.getByText(text)).toBeVisible();
});

it('a result shows medians with intervals, workload by workload', () => {
  render(Headline, { headline: { decode_tokens_per_s: estimate(), load_ms: estimate(700, null, null, 3) } });
  expect(screen.getByText('88.0–91.0, n = 10')).toBeVisible();
  expect(screen.getByText('no interval: 3 samples')).toBeVisible();
  const metrics = { decode_tokens_per_s: estimate(), ttft_ms: estimate(50, 49, 52) };
  render(WorkloadTable, { workloads: [{ workload: 'chat', taken: 10, counted: 9, metrics }], suite: SUITE });
  expect(screen.getByText('9/10')).toBeVisible();
  expect(screen.getByText('49.0–52.0')).toBeVisible();
});

it('SampleTable says of each sample whether it counts, and shows what Ollama said on demand', async () => {
  const samples = [
    aSample({ role: 'warmup' }),
    aSample({ number: 2 }),
    aSample({ number: 3, flags: ['client_stalled'] }),
    aSample({ number: 4, end: 'error', error_code: 'cut_connection', error: 'It was cut.' }),
    aSample({ number: 5, end: 'stop' }),
    aSample({ number: 6, end: 'cancelled' }),
  ];
  render(SampleTable, { samples });
  for (const text of ['warm-up', 'counted', 'left out', 'cut connection', 'ended early', 'cancelled', 'client stalled'])
    expect(screen.getByText(text)).toBeVisible();
  screen.getByRole('button', { name: /reply of sample 4$/ }).click();
  expect(await screen.findByText(/"eval_count": 64/)).toBeVisible();
  expect(screen.getByText('It was cut.')).toBeVisible();
});
