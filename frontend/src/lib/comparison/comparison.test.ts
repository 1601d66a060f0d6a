import { describe, expect, it } from 'vitest';
import { aCompared, aComparison, aLine, aPair } from '$lib/testing/comparisons';
import { aResult, aSummary } from '$lib/testing/builders';
import { toCsv } from '$lib/export/table';
import { tableColumns, tableRows } from './export';
import { front } from './pareto';
import { figureRows, metricRows } from './rows';
import { choicesOf, firstChoice, subjectsOf } from './subjects';
import { changeWords, factName, factValue, otherFindings, verdictWords, worth } from './words';

const pair = (change: Parameters<typeof aLine>[0]) =>
  aPair('two', { verdict: change?.verdict, headline: aLine(change) });

describe('verdicts in words', () => {
  it.each([
    [pair({ verdict: 'faster', relative: 0.12 }), '12 % faster, sure'],
    [pair({ verdict: 'slower', relative: -0.1 }), '10 % slower, sure'],
    [pair({ verdict: 'faster', relative: 1.4 }), '2.40 times as fast, sure'],
    [pair({ metric: 'ttft_ms', verdict: 'slower', relative: 0.11 }), 'TTFT 11 % longer, sure'],
    [pair({ metric: 'load_ms', verdict: 'faster', relative: -0.3 }), 'Load 30 % shorter, sure'],
    [pair({ verdict: 'no_difference', relative: 0.001 }), 'no difference seen'],
    [pair({ verdict: 'not_settled', relative: -0.04 }), 'not settled: medians 4 % apart'],
    [pair({ verdict: 'not_settled', relative: 0 }), 'not settled: they scatter too widely'],
    [pair({ verdict: 'too_few', n_before: 20, n_after: 5 }), 'too few samples to judge: 20 and 5'],
    [
      aPair('x', { verdict: 'not_comparable', obstacle: 'another_suite', headline: null }),
      'not comparable: another suite',
    ],
    [
      aPair('x', { verdict: 'not_comparable', obstacle: 'nothing_in_common', headline: null }),
      'not comparable: they measured nothing in common',
    ],
  ])('%#: %2$s', (one, words) => {
    expect(verdictWords(one)).toBe(words);
  });

  it('says what no difference is worth', () => {
    expect(worth(aLine({ verdict: 'no_difference', detectable: 0.021 }))).toBe('2.1 % would have shown');
    expect(worth(aLine({ verdict: 'no_difference', detectable: null }))).toContain('none of any size');
    expect(worth(aLine())).toBe('');
  });

  it('names what else is sure, and counts the rest', () => {
    const lines = (['ttft_ms', 'prefill_tokens_per_s', 'load_ms', 'e2e_ms'] as const).map((metric) =>
      aLine({ metric, workload: 'prompt', verdict: 'slower', relative: metric.endsWith('_ms') ? 0.2 : -0.2 }),
    );
    const further = aLine({ metric: 'tpot_ms', is_main: false });
    expect(otherFindings(aPair('two', { lines: [aLine(), ...lines, further] }))).toBe(
      'TTFT of prompt 20 % longer · Prefill of prompt 20 % slower · 2 more',
    );
    expect(otherFindings(aPair('two'))).toBe('');
  });

  it('names facts and what they say', () => {
    expect(changeWords('ollama_version', '', '0.9.3', '0.12.1')).toBe('Ollama 0.9.3 → 0.12.1');
    expect(changeWords('ollama_setting', 'OLLAMA_NUM_PARALLEL', 'unset', '4')).toBe('OLLAMA_NUM_PARALLEL not set → 4');
    expect(changeWords('hardware', '', null, null)).toBe('Machine changed');
    expect(factName('gpu_driver_version', 'gpu1')).toBe('GPU driver version (gpu1)');
    expect(factName('a_newer_fact', '')).toBe('a newer fact');
    expect(factValue('hardware_memory_bytes', 2_000_000_000)).toBe('2.0 GB');
    expect([factValue('power_is_boost_enabled', false), factValue('x', null)]).toEqual(['off', 'unknown']);
    expect(factValue('model_digest', `sha256:${'ab'.repeat(32)}`)).toBe('abababababab');
  });
});

describe('subjects', () => {
  const named = (id: string, model: string, client_name: string, quantization: string | null = null) =>
    aCompared(id, { result: aResult({ id, model, client_name, quantization }) });

  it('are named by what differs, by their place where nothing does', () => {
    const names = (...results: ReturnType<typeof aCompared>[]) => subjectsOf(results, 'none').map(({ name }) => name);
    expect(names(named('1', 'a', 'attic'), named('2', 'a', 'cellar'))).toEqual(['attic', 'cellar']);
    expect(names(named('1', 'a', 'attic'), named('2', 'b', 'attic'))).toEqual(['a', 'b']);
    expect(names(named('1', 'a', 'attic'), named('2', 'a', 'attic'))).toEqual(['a #1', 'a #2']);
  });

  it('stand together by group, and the first stays the baseline', () => {
    const results = [named('1', 'a', 'x', 'Q4'), named('2', 'b', 'y', 'Q8'), named('3', 'c', 'x', 'Q4')];
    const grouped = subjectsOf(results, 'quantization');
    expect(grouped.map(({ id, group, colour, isBaseline }) => [id, group, colour, isBaseline])).toEqual([
      ['1', 'Q4', 1, true],
      ['3', 'Q4', 1, false],
      ['2', 'Q8', 2, false],
    ]);
    expect(subjectsOf(results, 'none').map(({ colour }) => colour)).toEqual([1, 2, 3]);
  });

  it('are looked at by a metric that is there', () => {
    const choices = choicesOf([aCompared('one')]);
    expect(firstChoice(choices, { workload: 'chat', metric: 'ttft_ms' })?.metric).toBe('ttft_ms');
    expect(firstChoice(choices, { workload: 'gone', metric: 'ttft_ms' })?.metric).toBe('decode_tokens_per_s');
    expect(firstChoice([], undefined)).toBeUndefined();
  });
});

describe('the table', () => {
  const further = aLine({ metric: 'ttft_ms', is_main: false, verdict: 'no_difference' });
  const view = aComparison({
    results: [
      aCompared('one', { vram_bytes: 10, memory_bytes: 0 }),
      aCompared('two', { vram_bytes: 20, memory_bytes: 0 }),
    ],
    pairs: [
      aPair('two', {
        lines: [aLine(), further],
        figures: [{ code: 'vram_bytes', workload: null, before: 10, after: 20, relative: 1 }],
      }),
    ],
  });

  it('has what a workload is there for, and the rest when asked', () => {
    const metrics = (isAll: boolean) => metricRows(view.results, view.pairs, isAll).map(({ metric }) => metric);
    expect(metrics(false)).toEqual(['decode_tokens_per_s']);
    expect(metrics(true)).toEqual(['decode_tokens_per_s', 'ttft_ms']);
    expect(metricRows(view.results, view.pairs, false)[0]?.cells.map(({ line }) => line?.verdict)).toEqual([
      undefined,
      'slower',
    ]);
  });

  it('leaves out figures that are zero everywhere', () => {
    expect(figureRows(view.results, view.pairs).map(({ code }) => code)).toEqual(['vram_bytes']);
  });

  it('shows a result alone with all that it has', () => {
    expect(metricRows([aCompared('one')], [], false)).toHaveLength(2);
  });

  it('is given away as a row for each result and metric', () => {
    const rows = tableRows(view, subjectsOf(view.results, 'none'));
    const csv = toCsv(tableColumns(), rows).split('\r\n');
    expect(rows).toHaveLength(6);
    expect(csv.find((line) => line.startsWith('two') && line.includes('decode'))).toContain(
      '-0.1,-0.106,-0.094,slower',
    );
  });
});

describe('speed against size', () => {
  const spot = (id: string, size: number, speed: number) => ({ id, size, speed });

  it('keeps whoever is not beaten in both', () => {
    const found = front([spot('slow', 4, 10), spot('small', 2, 30), spot('large', 8, 90), spot('mid', 5, 20)]);
    expect(found.map(({ id }) => id)).toEqual(['small', 'large']);
  });

  it('keeps equals, and whoever is alone', () => {
    expect(front([spot('a', 1, 1), spot('b', 1, 1)])).toHaveLength(2);
    expect(front([spot('a', 1, 1)])).toHaveLength(1);
    expect(front([])).toEqual([]);
  });
});

it('counts what an energy figure is compared with, workload by workload', () => {
  const energy = {
    j_per_token: 2,
    above_idle_j_per_token: null,
    power_w: 100,
    source: 'counter' as const,
    devices: [],
  };
  const results = ['one', 'two'].map((id) => aCompared(id, { workloads: [aSummary({ energy })] }));
  const figures = [{ code: 'energy_j_per_token' as const, workload: 'chat', before: 2, after: 2, relative: 0 }];
  const [row] = figureRows(results, [aPair('two', { figures })]);
  expect([row?.code, row?.workload, row?.cells.map(({ value }) => value)]).toEqual([
    'energy_j_per_token',
    'chat',
    [2, 2],
  ]);
});
