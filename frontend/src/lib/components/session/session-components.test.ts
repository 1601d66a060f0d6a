/** What a session's page is made of, as a reader meets it. */
import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import type { JobView, LogEntry, SamplePoint } from '$lib/api/types';
import { Problem } from '$lib/api/client';
import { bestsBy } from '$lib/session/bests';
import { whyItWaits } from '$lib/session/waits';
import { aJob, aSummary, estimate, SUITE } from '$lib/testing/builders';
import BestTable from './BestTable.svelte';
import CopyLink from '$lib/components/CopyLink.svelte';
import JobCell from './JobCell.svelte';
import JobGrid from './JobGrid.svelte';
import JobPanel from './JobPanel.svelte';
import RunningJobs from './RunningJobs.svelte';
import SessionLogTable from './SessionLogTable.svelte';
import SessionProgress from './SessionProgress.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');
const progress = {
  phase: 'sampling',
  workload: 'chat',
  samples_done: 5,
  samples_planned: 20,
  tokens_per_s: 90,
} as const;
const runs = (change: Partial<JobView> = {}) => aJob({ status: 'running', progress, samples_stored: 5, ...change });
const rates = [{ at: NOW - 1_000, value: 88 }];

describe('SessionProgress', () => {
  const show = (change: object) =>
    render(SessionProgress, {
      counts: { completed: 2, failed: 1, running: 1, queued: 4 },
      left: null,
      rate: null,
      rates: [],
      runningCount: 0,
      now: NOW,
      isOpen: true,
      ...change,
    });

  it('says how far it is by its states, and how long it will take', () => {
    show({ left: { seconds: 130, isAtMost: false }, rate: 88, rates, runningCount: 1 });
    const bar = screen.getByRole('progressbar', { name: 'Jobs done' });
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuemax')]).toEqual(['3', '8']);
    const states = within(screen.getByRole('list', { name: 'Jobs by state' })).getAllByRole('listitem');
    expect(states.map((state) => state.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
      '2 completed',
      '1 failed',
      '1 running',
      '4 queued',
    ]);
    expect(screen.getByText('about 2 min')).toBeVisible();
    expect(screen.getByText('1 job running, the last minute')).toBeVisible();
  });

  it('says what is a bound only, and nothing where nothing is known', () => {
    show({ left: { seconds: 70, isAtMost: true } });
    expect(screen.getByText('at most 1 min 10 s')).toBeVisible();
    expect(screen.getByText('nothing runs at this moment')).toBeVisible();
  });

  it('is a band alone when all is done', () => {
    show({ counts: { completed: 3 }, isOpen: false });
    expect(screen.queryByText('Time left')).toBeNull();
  });
});

it('lists what runs, and chooses one', async () => {
  const onselect = vi.fn();
  const jobs = Array.from({ length: 10 }, (_, index) => runs({ id: `${index}`, client_name: `c${index}` }));
  render(RunningJobs, { jobs, rates: new Map([['0', rates]]), selectedId: '0', now: NOW, onselect });
  const list = screen.getByRole('list', { name: 'Jobs that run' });
  expect(within(list).getAllByRole('button')).toHaveLength(8);
  expect(within(list).getByRole('button', { pressed: true })).toHaveTextContent(/5 samples, 25 %\s*88\.0 tokens\/s/);
  await fireEvent.click(screen.getByRole('button', { name: 'Show 2 more' }));
  await fireEvent.click(within(list).getByRole('button', { name: 'Show llama3.2:3b on c9' }));
  expect(onselect).toHaveBeenCalledWith('9');
});

it('shows in a cell what was measured so far, what was disturbed, and that it is chosen', () => {
  const soFar = { headline: { decode_tokens_per_s: estimate(91, 90, 92) }, workloads: [aSummary({ disturbed: 3 })] };
  const onselect = vi.fn();
  render(JobCell, { job: runs(), oncancel: vi.fn(), onselect, isSelected: true, soFar });
  expect(screen.getByText('so far')).toBeVisible();
  expect(screen.getByText('90.0–92.0')).toBeVisible();
  expect(screen.getByText('3 disturbed')).toBeVisible();
  screen.getByRole('button', { name: 'Show llama3.2:3b on attic, running', pressed: true }).click();
  expect(onselect).toHaveBeenCalledWith('job-1');
  render(JobCell, { job: aJob({ status: 'completed' }), oncancel: vi.fn(), grade: 'disturbed' });
  expect(screen.getByText('disturbed')).toBeVisible();
});

it('says why a job waits', () => {
  render(JobCell, { job: aJob({ waits_for: 'turn' }), why: whyItWaits });
  expect(screen.getByText('it is the turn of somebody else')).toBeVisible();
  render(JobCell, { job: aJob(), why: whyItWaits });
  expect(screen.getByText('its client is about to begin')).toBeVisible();
  render(JobCell, { job: runs(), why: whyItWaits });
  expect(screen.getAllByText(/its client|somebody/)).toHaveLength(2);
});

it('draws a large matrix as states and figures, each said in full', () => {
  const jobs: Record<string, JobView> = {
    a: aJob({ id: 'a', status: 'completed', headline: { decode_tokens_per_s: estimate(91) } }),
    b: aJob({ id: 'b', status: 'skipped', skip_reason: 'does_not_fit' }),
    c: runs({ id: 'c' }),
    d: aJob({ id: 'd', waits_for: 'tag_limit' }),
  };
  const side = (height: number) => ({ first: 0, end: 4, above: 0, below: 60, rowHeight: 30, height });
  const onscroll = vi.fn();
  render(JobGrid, {
    rows: ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id })),
    columns: [{ id: 'attic-1', name: 'attic' }],
    modelsDown: true,
    down: side(300),
    across: side(600),
    jobAt: (model) => jobs[model],
    onselect: vi.fn(),
    selectedId: 'b',
    grades: new Map([['a', 'disturbed' as const]]),
    onscroll,
    onsize: vi.fn(),
  });
  expect(screen.getAllByRole('button').map((cell) => cell.getAttribute('aria-label'))).toEqual([
    'llama3.2:3b on attic: completed at 91.0 tokens/s, disturbed',
    'llama3.2:3b on attic: skipped, does not fit into the memory of this client',
    'llama3.2:3b on attic: running',
    'llama3.2:3b on attic: queued, as many jobs run as may on clients of its tag',
  ]);
  expect(screen.getByRole('button', { pressed: true })).toHaveTextContent('skipped');
  expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '5');
});

describe('JobPanel', () => {
  const point = (number: number) =>
    ({
      number,
      workload: 'chat',
      role: 'measured',
      end: 'length',
      flags: [],
      clock: 'kernel',
      decode_tokens_per_s: 90,
      started_at: '2026-11-21T09:00:00Z',
    }) as unknown as SamplePoint;
  const show = (job: JobView, change: object = {}) =>
    render(JobPanel, {
      job,
      suite: SUITE,
      samples: [],
      isLoaded: true,
      problem: null,
      summary: null,
      telemetry: null,
      telemetryProblem: null,
      hardware: null,
      retry: vi.fn(),
      rates,
      now: NOW,
      theme: 'dark',
      ...change,
    });

  it('shows samples on strips, with the median so far and the pace of now', async () => {
    const summary = { headline: { decode_tokens_per_s: estimate() }, workloads: [aSummary()] };
    show(runs(), { samples: [point(1), point(2)], summary });
    expect(await screen.findByRole('img', { name: 'Decode rate of chat: 2 samples, tokens/s' })).toBeVisible();
    expect(screen.getByText('Decode so far')).toBeVisible();
    expect(screen.getByText('88.0')).toBeVisible();
  });

  it('says why there is nothing to see', () => {
    for (const [job, words] of [
      [aJob({ waits_for: 'offline' }), 'It waits: its client is not there.'],
      [aJob({ status: 'skipped', skip_reason: 'not_installed' }), 'not installed on this client'],
      [runs(), 'No sample yet.'],
      [aJob({ status: 'cancelled' }), 'It ended before a sample was taken.'],
    ] as const) {
      const { unmount } = show(job);
      expect(screen.getByText(new RegExp(`^${words}`))).toBeVisible();
      unmount();
    }
  });

  it('says what could not be fetched, and that telemetry is yet to come', async () => {
    const retry = vi.fn();
    const gone = new Problem(404, 'no_telemetry', 'None.');
    show(runs(), { problem: new Problem(503, 'away', 'Later.'), retry, samples: [point(1)], telemetryProblem: gone });
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
    expect(screen.getByRole('heading', { name: 'No telemetry yet' })).toBeVisible();
  });
});

it('tells what happened, to whom, and leads there', async () => {
  const detail = { numbers: [3], flags: ['memory_swapped' as const], conditions: [], notes: [] };
  const entries: LogEntry[] = [
    { id: 2, job_id: 'job-1', at: '2026-11-21T09:00:05Z', kind: 'disturbed', detail },
    { id: 1, job_id: 'gone', at: '2026-11-21T09:00:00Z', kind: 'claimed', detail },
  ];
  const [onmore, onselect] = [vi.fn(), vi.fn()];
  const jobs = new Map([['job-1', aJob()]]);
  render(SessionLogTable, { entries, jobs, isOfOne: false, hasMore: true, busy: false, onmore, onselect });
  const [first, second] = within(screen.getByRole('list', { name: 'Log, newest first' })).getAllByRole('listitem');
  expect(first).toHaveTextContent(/llama3\.2:3b\s*on attic.*disturbed\s*#3: memory was swapped/);
  expect(second).toHaveTextContent('given to its client');
  await fireEvent.click(screen.getByRole('button', { name: 'llama3.2:3b' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Earlier' }));
  expect([onselect.mock.calls, onmore.mock.calls.length]).toEqual([[['job-1']], 1]);
});

it('names the fastest, and who may be as fast', () => {
  const of = (id: string, median: number) =>
    aJob({
      id,
      model: id,
      status: 'completed',
      headline: { decode_tokens_per_s: estimate(median, median - 2, median + 2) },
    });
  const bests = bestsBy('client_name', [of('fast', 100), of('near', 98)]);
  render(BestTable, { bests, by: 'client_name', grades: new Map([['fast', 'disturbed' as const]]) });
  expect(screen.getAllByRole('row')[1]).toHaveTextContent(/^attic\s*fast\s*disturbed.*not clearly ahead of near$/);
  expect(screen.getByRole('link', { name: 'fast' })).toHaveAttribute('href', '/results/fast');
});

it('copies an address, and says where it is when it may not', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>().mockResolvedValue();
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  render(CopyLink, { href: '/results/1' });
  await fireEvent.click(screen.getByRole('button', { name: 'Copy link' }));
  expect(await screen.findByText('Copied')).toBeVisible();
  expect(writeText).toHaveBeenCalledWith(`${location.origin}/results/1`);
  writeText.mockRejectedValue(new Error('denied'));
  await fireEvent.click(screen.getByRole('button'));
  expect(await screen.findByText('In the address')).toBeVisible();
  vi.unstubAllGlobals();
});
