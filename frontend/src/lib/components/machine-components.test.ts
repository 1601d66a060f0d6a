import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import { aSample, aSummary, aWorkload, estimate, SUITE } from '$lib/testing/builders';
import { aTelemetry, MACHINE } from '$lib/testing/machines';
import DetectionNotes from '$lib/components/clients/DetectionNotes.svelte';
import EnergyTable from '$lib/components/result/EnergyTable.svelte';
import GradeNote from '$lib/components/result/GradeNote.svelte';
import HardwareHistory from '$lib/components/clients/HardwareHistory.svelte';
import Headline from '$lib/components/result/Headline.svelte';
import SampleTable from '$lib/components/result/SampleTable.svelte';
import TelemetrySection from '$lib/components/result/TelemetrySection.svelte';
import WorkloadTable from '$lib/components/result/WorkloadTable.svelte';

/** What draws the telemetry is fetched when it is needed. */
const PATIENCE_MS = 20_000;

const energy = {
  j_per_token: 2.6,
  above_idle_j_per_token: 2.1,
  power_w: 310,
  source: 'counter' as const,
  devices: ['gpu0', 'cpu'],
};

it('a grade comes with its reasons, what is known of them, and what is told besides', () => {
  const { unmount } = render(GradeNote, {
    grade: 'disturbed',
    reasons: [{ code: 'on_battery', text: 'the machine ran on its battery', detail: '64 % charged' }],
    told: [{ code: 'power_capped', text: 'a device was at its power limit', detail: '' }],
    clean: 'nothing',
    status: 'completed',
    notes: ['the warm-up did not settle'],
  });
  expect(screen.getByTitle('on_battery')).toHaveTextContent('the machine ran on its battery: 64 % charged');
  for (const text of ['disturbed', 'a device was at its power limit', 'the warm-up did not settle'])
    expect(screen.getByText(text)).toBeVisible();
  expect(screen.queryByText('nothing')).toBeNull();
  unmount();
  render(GradeNote, { grade: 'clean', reasons: [], told: [], clean: 'it may be compared', status: 'lost' });
  expect(screen.getByText('it may be compared')).toBeVisible();
  expect(screen.getByText('lost')).toBeVisible();
});

it('energy says whose joules they are and how they are known', () => {
  render(EnergyTable, { told: [{ workload: 'chat', energy }], gpus: 2 });
  for (const text of ['2.60', '2.10', '310', 'counted by the devices', 'GPU 1, processor'])
    expect(screen.getByText(text)).toBeVisible();
});

it('the head tells energy beside the medians, above idle only where that is known', () => {
  const { unmount } = render(Headline, { headline: { ttft_ms: estimate() }, energy: { workload: 'chat', energy } });
  expect(screen.getByText('2.60')).toBeVisible();
  expect(screen.getByText(/2\.10 above idle, 310 W/)).toBeVisible();
  unmount();
  const alone = { ...energy, above_idle_j_per_token: null };
  render(Headline, { headline: {}, energy: { workload: 'chat', energy: alone } });
  expect(screen.getByText('310 W')).toBeVisible();
});

it('a workload says what became of its disturbed samples, and each sample whether it counts', () => {
  const word = { glyph: 'warn' as const, text: '2 disturbed, replaced', tone: 'quiet' as const };
  render(WorkloadTable, {
    workloads: [aSummary({ taken: 12, counted: 10 })],
    suite: { ...SUITE, workloads: [aWorkload()] },
    disturbed: new Map([['chat', word]]),
  });
  expect(screen.getByText('2 disturbed, replaced')).toBeVisible();
  const rows = [
    aSample({ flags: ['foreign_gpu_load'] }),
    aSample({ number: 2, workload: 'load', flags: ['memory_swapped'] }),
  ];
  const shown = { rows, first: 0, total: 2, above: 0, below: 0, rowHeight: 34, isLong: false, open: null };
  const on = { onopen: vi.fn(), onscroll: vi.fn(), onheight: vi.fn(), ondetail: vi.fn() };
  render(SampleTable, { ...shown, ...on, hasLoad: false, hasLateness: false, countingDisturbed: new Set(['load']) });
  for (const text of ['disturbed, left out', 'others used the GPU', 'disturbed, counted', 'memory was swapped'])
    expect(screen.getByText(text)).toBeVisible();
});

it('notes say what could not be learnt, and why', () => {
  render(DetectionNotes, { notes: MACHINE.notes ?? [] });
  expect(screen.getByTitle('timed_out')).toHaveTextContent('amd-tools did not answer in time: rocm-smi');
});

it('history says what became what, what is new and what is gone', () => {
  const changes = [
    { name: 'Memory', from: '32 GB', to: '64 GB' },
    { name: 'NPU', from: '', to: 'Intel AI Boost' },
    { name: 'GPU 2', from: 'RTX 3060', to: '' },
  ];
  const first = { since: '2026-11-01T09:00:00Z', until: null, isNow: false, changes: null, summary: 'Ryzen' };
  render(HardwareHistory, {
    chapters: [{ since: '2026-11-20T09:00:00Z', until: null, isNow: true, changes, summary: '' }, first],
  });
  const told = screen.getAllByRole('listitem').map(({ textContent }) => textContent?.replace(/\s+/g, ' ').trim());
  expect(told).toContain('Memory: 32 GB became→ 64 GB');
  expect(told).toContain('NPU: Intel AI Boost, new');
  expect(told).toContain('GPU 2: RTX 3060, gone');
  expect(screen.getByText('First seen as Ryzen')).toBeVisible();
});

it(
  'telemetry has the faces of every view',
  async () => {
    const why = { title: 'None was recorded', text: 'It was switched off.' };
    const base = { why, samples: [aSample()], hardware: MACHINE, theme: 'dark', retry: vi.fn() };
    const { rerender } = render(TelemetrySection, { ...base, ticks: 0, telemetry: null, problem: null });
    expect(screen.getByRole('heading', { name: 'None was recorded' })).toBeVisible();
    await rerender({ ticks: 3 });
    expect(screen.getByText('Loading')).toBeInTheDocument();
    await rerender({ problem: new Problem(500, 'x', 'Later.') });
    expect(screen.getByRole('alert')).toHaveTextContent('Later.');
    await rerender({ problem: null, telemetry: aTelemetry({ cpu_percent: [1, 2, 3] }) });
    const name = /^When samples were timed\. chat: 1 from 0:00/;
    expect(await screen.findByRole('img', { name }, { timeout: PATIENCE_MS })).toBeVisible();
  },
  PATIENCE_MS,
);
