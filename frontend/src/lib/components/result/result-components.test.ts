import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { aResult, aSample, aSummary, aWorkload, estimate, SUITE } from '$lib/testing/builders';
import Facts from '$lib/components/Facts.svelte';
import Headline from './Headline.svelte';
import LoadTable from './LoadTable.svelte';
import ResultRows from '$lib/components/ResultRows.svelte';
import SampleDetail from './SampleDetail.svelte';
import SampleTable from './SampleTable.svelte';
import SessionRows from '$lib/components/session/SessionRows.svelte';
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
    not_before: null,
    asked_by: 'owner',
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
  render(WorkloadTable, { workloads: [aSummary({ taken: 10, counted: 9, metrics })], suite: SUITE });
  expect(screen.getByText('9/10')).toBeVisible();
  expect(screen.getByText('49.0–52.0')).toBeVisible();
});

it('SampleTable says of each sample whether it counts, and shows what Ollama said on demand', async () => {
  const samples = [
    aSample({ role: 'warmup' }),
    aSample({ number: 2 }),
    aSample({ number: 3, flags: ['model_reloaded'] }),
    aSample({ number: 4, end: 'error', error_code: 'cut_connection', error: 'It was cut.' }),
    aSample({ number: 5, end: 'stop' }),
    aSample({ number: 6, end: 'cancelled' }),
  ];
  const onopen = vi.fn();
  const shown = { rows: samples, first: 0, total: 6, above: 0, below: 0, rowHeight: 34, isLong: false };
  const asked = { hasLoad: false, hasLateness: false, onscroll: vi.fn(), onheight: vi.fn(), ondetail: vi.fn() };
  const { rerender } = render(SampleTable, { ...shown, ...asked, open: null, onopen });
  for (const text of [
    'warm-up',
    'counted',
    'left out',
    'cut connection',
    'ended early',
    'cancelled',
    'model was reloaded',
  ])
    expect(screen.getByText(text)).toBeVisible();
  expect(screen.queryByRole('columnheader', { name: 'Sent late, ms' })).toBeNull();
  screen.getByRole('button', { name: 'Show details of sample 4' }).click();
  expect(onopen).toHaveBeenCalledWith(4);
  await rerender({ open: 4 });
  expect(screen.getByText(/"eval_count": 64/)).toBeVisible();
  expect(screen.getByText('It was cut.')).toBeVisible();
});

it('SampleTable tells of a load and of a wish only where there was one', () => {
  const rows = [aSample({ lateness_ms: 7.1, asked_prompt_tokens: 512, prompt_tokens: 530 }), aSample({ number: 2 })];
  const shown = { rows, first: 0, total: 900, above: 0, below: 30_000, rowHeight: 34, isLong: true, open: null };
  const on = { onopen: vi.fn(), onscroll: vi.fn(), onheight: vi.fn(), ondetail: vi.fn() };
  render(SampleTable, { ...shown, ...on, hasLoad: false, hasLateness: true });
  expect(screen.getByRole('columnheader', { name: 'Sent late, ms' })).toBeVisible();
  expect(screen.getByText('7.10')).toBeVisible();
  expect(screen.getByText('asked 512,')).toBeVisible();
  expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '901');
});

it('a sample in detail tells the third clock only where it was told', () => {
  const sample = aSample({ created_ttft_ms: 49.9, tls_ms: 3, chunk_ms: [1, 2, 9] });
  const { unmount } = render(SampleDetail, { sample });
  expect(screen.getByText(/By the times in Ollama's own chunks: TTFT 49.9 ms/)).toBeVisible();
  expect(screen.getByText(/^Longest gap 7.00 ms .* TLS in 3.00 ms/)).toBeVisible();
  unmount();
  render(SampleDetail, { sample: aSample() });
  expect(screen.queryByText(/Ollama's own chunks/)).toBeNull();
});

it('WorkloadTable marks what drifted and missed its precision, and shows the spread on demand', async () => {
  const precision = { metric: 'decode_tokens_per_s' as const, within: 0.01, samples_min: 8 };
  const metrics = { decode_tokens_per_s: { ...estimate(), p99: 87.4, drift: -0.04, outliers: 2 } };
  render(WorkloadTable, {
    workloads: [aSummary({ taken: 10, counted: 9, metrics, precise: false })],
    suite: { ...SUITE, workloads: [aWorkload({ precision, purpose: 'Short.' })] },
  });
  expect(screen.getByText('±1.7 %, not ±1 %')).toBeVisible();
  expect(screen.getByText('got 4 % slower')).toBeVisible();
  expect(screen.queryByText('87.4')).toBeNull();
  screen.getByRole('button', { name: 'chat' }).click();
  expect(await screen.findByText('87.4')).toBeVisible();
  expect(screen.getByText('Short.')).toBeVisible();
});

it('LoadTable says what a good request is, and how late OBT itself was', () => {
  const told = { requests_per_s: 2.5, goodput_per_s: 2.25, throughput_tokens_per_s: 160, slots_seen: 4 };
  const lateness = { lateness_p50_ms: 0.1, lateness_p99_ms: 3 };
  render(LoadTable, {
    workloads: [aSummary({ taken: 10, counted: 10, metrics: {}, ...told, ...lateness })],
    suite: { ...SUITE, workloads: [aWorkload({ concurrency: 8, limits: { ttft_ms: 400 } })] },
  });
  for (const text of ['8 at once', '160', '2.50', '2.25', '4', '0.100 / 3.00', 'Good: TTFT ≤ 400 ms.'])
    expect(screen.getByText(text)).toBeVisible();
});
