import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { aSample } from '$lib/testing/builders';
import { aTelemetry, MACHINE } from '$lib/testing/machines';
import { bars, fitting, marks } from './lanes';
import { scaleFor } from './lines';
import Telemetry from './Telemetry.svelte';

const telemetry = aTelemetry({
  cpu_percent: [10, 40, null, 20],
  'gpu0 utilization_percent': [5, 96, 97, 6],
  'gpu0 throttle': [0, 1, 1, 0],
});
const at = (second: number) => new Date(Date.parse(telemetry.started_at) + second * 1_000).toISOString();
const samples = [
  aSample({ started_at: at(0.5), e2e_ms: 1_000 }),
  aSample({ number: 2, started_at: at(2), e2e_ms: 900, flags: ['thermal_throttling'] }),
];
const show = () => render(Telemetry, { telemetry, samples, hardware: MACHINE, theme: 'dark' });

it('says of every panel what it shows, and of the samples when they were timed', () => {
  show();
  for (const name of [
    'Processor, %: all 10.0 to 40.0',
    'Utilisation, %: all 5.00 to 97.0',
    'Slowed, too hot: 2 s in all',
    /^When samples were timed\. chat: 2 from 0:01 to 0:03, 1 disturbed$/,
  ])
    expect(screen.getByRole('img', { name })).toBeInTheDocument();
  const kinds = screen.getByRole('list', { name: 'Kinds of samples' });
  expect(within(kinds).getByText(/disturbed: 1/)).toBeVisible();
  expect(within(kinds).getByText(/counted: 1/)).toBeVisible();
});

it('reads one moment in all panels by the keyboard: where nothing was told, nothing is said', async () => {
  const { container } = show();
  const values = () => [...container.querySelectorAll('[data-value]')].map((each) => each.textContent);
  expect(values()).toEqual(['10.0 to 40.0', '5.00 to 97.0']);
  const moment = screen.getByRole('slider', { name: 'Moment that is looked at' });
  await fireEvent.input(moment, { target: { value: '2' } });
  expect(values()).toEqual(['–', '97.0']);
  expect(moment).toHaveAttribute('aria-valuetext', expect.stringMatching(/chat #2 disturbed \(slowed down by heat\)$/));
  expect(screen.getByText('now, 2 s in all')).toBeVisible();
  await fireEvent.blur(moment);
  expect(values()).toEqual(['10.0 to 40.0', '5.00 to 97.0']);
});

it('has the same figures as a table', async () => {
  const { container } = show();
  const details = [...container.querySelectorAll('details')].at(-1);
  if (!details) throw new Error('a table expected');
  details.open = true;
  await fireEvent(details, new Event('toggle'));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows[3]).toHaveTextContent(/^0:02\s*–\s*97\.0$/);
});

it('draws spans as bars, never too narrow to be seen, and disturbed ones with a mark', () => {
  const spans = [{ number: 1, begin: 10, end: 10, kind: 'counted' as const, note: '' }];
  expect(bars(spans, (second) => second * 2, 4, 9)).toBe('M20.0,4h1.5v9h-1.5z');
  expect(marks(spans, (second) => second * 2, 4)).toMatch(/^M20\.0,4l/);
});

it('cuts a name that does not fit', () => {
  expect(fitting('chat', 100)).toBe('chat');
  expect(fitting('a-very-long-workload', 62)).toBe('a-very-lo…');
});

it('scales to what there is, unless more was told; and to what was told where there is no limit', () => {
  const line = { key: '', name: '', look: 1, values: [], points: [] };
  const panel = { key: '', title: '', unit: '' };
  const of = (highest: number, most: number | null) =>
    scaleFor({ ...panel, most, lines: [{ ...line, range: [0, highest] }] });
  expect(of(50, 100)).toEqual({ top: 100, ticks: [0, 50, 100] });
  expect(of(20, 62.6)).toEqual({ top: 62.6, ticks: [0, 25, 50] });
  expect(of(50, 40)).toEqual({ top: 50, ticks: [0, 25, 50] });
  expect(of(340, null)).toEqual({ top: 400, ticks: [0, 200, 400] });
  expect(of(0, null)).toEqual({ top: 1, ticks: [0, 0.5, 1] });
});
