import { describe, expect, it } from 'vitest';
import { aDetail, aSample, aSummary, aWorkload } from '$lib/testing/builders';
import { anEnvironment } from '$lib/testing/machines';
import { energiesOf, headEnergy } from '$lib/energy';
import { cleanWords, countingDisturbed, disturbedWord, offloadWord, reasonsOf, toldOf } from './grade-view';
import { stripsOf } from './result-view';

const summary = aSummary({ taken: 20, counted: 17 });

describe('reasons', () => {
  const conditions = [
    { code: 'on_battery', detail: '64 % charged', weight: 'disturbed' as const },
    { code: 'power_capped', detail: 'gpu0: 80 % of the time', weight: 'clean' as const },
    { code: 'moon_is_full', detail: '', weight: 'clean' as const },
  ];
  const result = aDetail({
    grade: 'disturbed',
    reasons: ['machine_not_quiet', 'foreign_cpu_load', 'on_battery'],
    environment: anEnvironment({ conditions }),
    summary: { headline: {}, workloads: [{ ...summary, disturbed: 12, counts_disturbed: true }] },
  });

  it('of a grade are in words, with what is known beside', () => {
    expect(reasonsOf(result).map(({ text, detail }) => [text, detail])).toEqual([
      ['the machine was not quiet while most samples were taken', 'chat: 12 of 20'],
      ['others used the processor', ''],
      ['the machine ran on its battery', '64 % charged'],
    ]);
  });

  it('that lower no grade are told apart, those that are newer than this page too', () => {
    expect(toldOf(result).map(({ text }) => text)).toEqual(['a device was at its power limit', 'moon is full']);
    expect(toldOf(aDetail())).toEqual([]);
  });

  it('name the models that were loaded besides', () => {
    const environment = anEnvironment({ other_models_loaded: ['phi4:14b', 'b:1'] });
    expect(reasonsOf(aDetail({ reasons: ['other_models_loaded'], environment }))[0]?.detail).toBe('phi4:14b, b:1');
  });
});

describe('disturbed samples', () => {
  const disturbed = (change: object, workload = aWorkload({ samples: 20 })) =>
    disturbedWord({ ...summary, disturbed: 3, ...change }, workload)?.text;

  it('were replaced, left out, or counted since most were', () => {
    expect(disturbedWord(summary, undefined)).toBeNull();
    expect(disturbed({ counted: 20, taken: 23 })).toBe('3 disturbed, replaced');
    expect(disturbed({ counted: 12, precise: true })).toBe('3 disturbed, replaced');
    expect(disturbed({ counted: 17 })).toBe('3 disturbed, left out');
    expect(disturbed({ disturbed: 12, counts_disturbed: true })).toBe('12 disturbed, counted: most were');
  });

  it('are hollow on the strip, unless they count', () => {
    const samples = [aSample(), aSample({ number: 2, flags: ['thermal_throttling'] })];
    const of = (counts_disturbed: boolean) => {
      const workloads = [{ ...summary, counts_disturbed }];
      const detail = aDetail({ samples, summary: { headline: {}, workloads } });
      return [stripsOf(detail)[0]?.points.map(({ counted }) => counted), countingDisturbed(detail).size];
    };
    expect([of(false), of(true)]).toEqual([
      [[true, false], 0],
      [[true, true], 1],
    ]);
  });

  it('are told of a clean result', () => {
    expect(cleanWords(aDetail())).toMatch(/nothing disturbed it/);
    const workloads = [{ ...summary, disturbed: 1 }];
    expect(cleanWords(aDetail({ summary: { headline: {}, workloads } }))).toMatch(/1 disturbed sample did not count/);
  });
});

it.each([
  [0, 'on the processor alone'],
  [2.48e9, '62 % in GPU memory'],
  [4e9, 'all in GPU memory'],
])('says where the model lay: %d bytes of 4 GB', (size_vram_bytes, text) => {
  expect(offloadWord(anEnvironment({ size_vram_bytes }))?.text).toBe(text);
});

it('says nothing of where a model lay that nobody told', () => {
  expect(offloadWord(anEnvironment({ size_vram_bytes: null }))).toBeNull();
  expect(offloadWord(null)).toBeNull();
});

it('puts the energy of the first workload with a decode rate at the head', () => {
  const energy = { j_per_token: 3, power_w: 250, source: 'counter' as const, devices: ['gpu0'] };
  const workloads = [
    { ...summary, workload: 'load', metrics: {}, energy: { ...energy, j_per_token: 90 } },
    { ...summary, energy },
    { ...summary, workload: 'silent' },
  ];
  const result = aDetail({ summary: { headline: {}, workloads } });
  expect(energiesOf(result).map(({ workload }) => workload)).toEqual(['load', 'chat']);
  expect(headEnergy(result)?.energy.j_per_token).toBe(3);
  expect(headEnergy(aDetail())).toBeNull();
});
