import { describe, expect, it } from 'vitest';
import { aSample } from '$lib/testing/builders';
import { aTelemetry, MACHINE } from '$lib/testing/machines';
import { groupsOf, timesOf } from './panels';
import { columnsOf, rowsOf, ticksPerRow } from './table';
import { slowedAt, slowedOf } from './throttle';
import { countsOf, domainOf, lanesOf, samplesAt } from './timing';
import { deviceName } from './tracks';

const GIB = 2 ** 30;

describe('groupsOf', () => {
  const titles = (channels: Record<string, (number | null)[]>) =>
    groupsOf(aTelemetry(channels), MACHINE).map(({ title, panels }) => [title, panels.map((panel) => panel.title)]);

  it('puts the machine first, then each GPU by its name, and draws only what was told', () => {
    const found = titles({
      'gpu0 power_w': [100, 300],
      cpu_percent: [10, 20],
      'gpu0 temperature_c': [null, null],
      'gpu1 utilization_percent': [1, 2],
      swapped_bytes_per_s: [null, 0],
    });
    expect(found).toEqual([
      ['Machine', ['Processor', 'Swapping']],
      ['GPU 1: NVIDIA GeForce RTX 4090', ['Power']],
      ['GPU 2', ['Utilisation']],
    ]);
  });

  it('reads memory against what there is', () => {
    const [machine, gpu] = groupsOf(
      aTelemetry({
        memory_used_bytes: [8 * GIB],
        'gpu0 vram_used_bytes': [6 * GIB],
        'gpu0 ollama_vram_bytes': [5 * GIB],
      }),
      MACHINE,
    );
    expect([machine?.panels[0]?.most, machine?.panels[0]?.lines[0]?.values]).toEqual([31.2, [8]]);
    expect([gpu?.panels[0]?.most, gpu?.panels[0]?.lines.map(({ name, values }) => [name, ...values])]).toEqual([
      24,
      [
        ['in use', 6],
        ['Ollama', 5],
      ],
    ]);
  });

  it('draws the power of the parts of the machine, a line a part, and no counter of energy', () => {
    const told = { 'cpu power_w': [40, 80], 'cpu energy_j': [0, 80], 'dram power_w': [5, null] };
    const [machine] = groupsOf(aTelemetry(told), MACHINE);
    expect(machine?.panels.map(({ title, unit }) => [title, unit])).toEqual([['Power', 'W']]);
    expect(machine?.panels[0]?.lines.map(({ name, values }) => [name, values])).toEqual([
      ['processor', [40, 80]],
      ['memory modules', [5, null]],
    ]);
  });

  it('shows a track that only a newer client knows', () => {
    expect(titles({ fan_rpm: [900, 950] })).toEqual([['Machine', ['fan rpm']]]);
  });
});

describe('throttling', () => {
  const times = [0, 1, 2, 3, 4, 5];

  it('is spans, one kind a reason, each tick speaking for the time before it', () => {
    const slowed = slowedOf(times, [0, 1, 3, null, 2, 0]);
    expect(slowed.map(({ word, spans, total_s }) => [word.text, spans, total_s])).toEqual([
      ['too hot', [[0, 2]], 2],
      ['at its power limit', [[1, 2], [3, 4]], 2], // prettier-ignore
    ]);
    expect(slowedAt(slowed, 3.5).map(({ word }) => word.text)).toEqual(['at its power limit']);
  });

  it('says which processor was held back, each for itself', () => {
    const [machine] = groupsOf(aTelemetry({ 'cpu throttle': [0, 1], 'cpu1 throttle': [1, 1] }), MACHINE);
    expect(machine?.slowed.map(({ part, word }) => [part, word.text])).toEqual([
      ['processor', 'too hot'],
      ['processor 2', 'too hot'],
    ]);
  });

  it('takes a bit of a newer client for another reason', () => {
    expect(slowedOf(times, [0, 64, 0]).map(({ word }) => word.text)).toEqual(['another reason']);
    expect(slowedOf(times, [null, null])).toEqual([]);
  });
});

describe('samples on the axis of the telemetry', () => {
  const at = (second: number) => new Date(Date.parse('2026-11-21T09:00:00Z') + second * 1_000).toISOString();
  const samples = [
    aSample({ number: 2, started_at: at(10), e2e_ms: 2_000 }),
    aSample({ number: 1, started_at: at(-4), e2e_ms: 3_000, role: 'warmup' }),
    aSample({ number: 3, workload: 'load', started_at: at(20), e2e_ms: 500, flags: ['foreign_cpu_load'] }),
    aSample({ number: 4, workload: 'load', started_at: at(30), end: 'error', e2e_ms: null, ttft_ms: null }),
  ];
  const lanes = lanesOf(samples, '2026-11-21T09:00:00Z');

  it('stand where they were timed, a lane a workload', () => {
    expect(
      lanes.map(({ workload, spans }) => [workload, ...spans.map(({ begin, end, kind }) => [begin, end, kind])]),
    ).toEqual([
      ['chat', [-4, -1, 'warmup'], [10, 12, 'counted']],
      ['load', [20, 20.5, 'disturbed'], [30, 30, 'left_out']],
    ]);
    expect(countsOf(lanes)).toEqual([
      ['counted', 1],
      ['disturbed', 1],
      ['left_out', 1],
      ['warmup', 1],
    ]);
  });

  it('are all on it, those before the first tick too', () => {
    expect(domainOf([0, 1, 25], lanes)).toEqual([-4, 30]);
    expect(domainOf([], [])).toEqual([0, 1]);
  });

  it('are found by the moment, with what disturbed them', () => {
    expect(samplesAt(lanes, 20.2).map(({ workload, span }) => [workload, span.number, span.note])).toEqual([
      ['load', 3, 'others used the processor'],
    ]);
    expect(samplesAt(lanes, 15)).toEqual([]);
  });
});

it('tells the same as a table: means over stretches, none of what was not told', () => {
  const telemetry = aTelemetry({ cpu_percent: Array.from({ length: 120 }, (_, index) => (index < 2 ? null : index)) });
  const columns = columnsOf(groupsOf(telemetry, MACHINE));
  const rows = rowsOf(timesOf(telemetry), columns);
  expect([ticksPerRow(120), rows.length, columns[0]?.name]).toEqual([2, 60, 'Processor, all']);
  expect(rows.slice(0, 3)).toEqual([
    { at: 0, cells: [null] },
    { at: 2, cells: [2.5] },
    { at: 4, cells: [4.5] },
  ]);
});

it.each([
  ['gpu0', 1, 'GPU'],
  ['gpu1', 2, 'GPU 2'],
  ['cpu', 1, 'processor'],
  ['cpu1', 1, 'processor 2'],
  ['dram', 1, 'memory modules'],
  [null, 1, 'machine'],
  ['soc', 1, 'soc'],
])('calls the device %s of %d GPUs %s', (device, gpus, name) => {
  expect(deviceName(device, gpus)).toBe(name);
});
