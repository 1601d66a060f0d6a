import { describe, expect, it } from 'vitest';
import { aDetail, SUITE } from '$lib/testing/builders';
import { anEnvironment, AROUND, MACHINE } from '$lib/testing/machines';
import { whyNoTelemetry } from './no-telemetry';
import { measurementFacts, modelFacts, ollamaFacts, settingLines, thenFacts } from './result-facts';

const value = (facts: { name: string; value: string }[], name: string) =>
  facts.find((fact) => fact.name === name)?.value;

describe('facts', () => {
  it('never guess: what is unknown is a dash or said to be unknown', () => {
    expect(value(modelFacts(aDetail()), 'Where it lies')).toBe('–');
    expect(value(ollamaFacts(aDetail()), 'Its settings')).toBe('could not be read: unknown');
    expect(value(thenFacts(aDetail()), 'Hardware')).toBe('not told');
    expect(value(measurementFacts(aDetail()), "OBT's own error")).toBe('not measured');
  });

  it('tell where the model was, and beside which others', () => {
    const result = aDetail({ environment: anEnvironment({ other_models_loaded: ['a', 'b'] }) });
    const facts = [...modelFacts(result), ...ollamaFacts(result), ...thenFacts(result)];
    const names = ['Where it lies', 'Size in memory', 'Context', 'Other models loaded', 'Processor before'];
    expect(names.map((name) => value(facts, name))).toEqual([
      '25 % in GPU memory',
      '4.0 GB',
      '2,048 tokens',
      'a, b',
      '3 %',
    ]);
  });

  it("tell Ollama's settings, and where they were read", () => {
    const of = (ollama_settings: Record<string, string>, ollama_settings_source: string) =>
      aDetail({ environment: anEnvironment({ ollama_settings, ollama_settings_source }) });
    const set = of({ OLLAMA_NUM_PARALLEL: '4', OLLAMA_FLASH_ATTENTION: '' }, 'systemd');
    expect(value(ollamaFacts(set), 'Its settings')).toBe('of its systemd unit, below');
    expect(settingLines(set)).toBe('OLLAMA_FLASH_ATTENTION=\nOLLAMA_NUM_PARALLEL=4');
    expect(value(ollamaFacts(of({}, 'process')), 'Its settings')).toBe('of the running process: none set');
    expect(settingLines(aDetail())).toBe('');
  });

  it('tell the machine as it was driven then, not as it is described today', () => {
    const machine = { ...AROUND, kernel: '5.15.0' };
    const environment = anEnvironment({ machine, idle_power_w: 31.5 });
    const facts = thenFacts(aDetail({ hardware: MACHINE, environment }));
    expect(value(facts, 'Kernel')).toBe('5.15.0');
    expect(value(facts, 'Idle power')).toBe('31.5 W, of all devices that tell');
  });

  it("tell OBT's own error, and no digit of a seed that was lost on the way", () => {
    const own_error = {
      streams: 8,
      ttft_p50_us: 6,
      ttft_p99_us: 14.2,
      gap_p50_us: 3,
      gap_p99_us: 21.4,
      clock: 'kernel' as const,
      measured_at: '2026-11-21T09:00:00Z',
    };
    const facts = measurementFacts(aDetail({ environment: anEnvironment({ order_seed: 2 ** 60, own_error }) }));
    expect(value(facts, "OBT's own error")).toBe("TTFT ≤ 14 µs, gap ≤ 21 µs at p99 with 8 streams, the kernel's clock");
    expect(value(facts, 'Seed of the order')).toMatch(/too long/);
  });

  it('tell num_ctx from least to most where workloads differ', () => {
    expect(value(modelFacts(aDetail()), 'num_ctx')).toBe('2,048');
    const workloads = SUITE.workloads.map((workload, index) => ({ ...workload, num_ctx: index ? 8192 : null }));
    const facts = modelFacts(aDetail({ suite: { ...SUITE, workloads } }));
    expect(value(facts, 'num_ctx')).toBe('2,048 to 8,192, by workload');
  });
});

it('says why there is no telemetry', () => {
  expect(whyNoTelemetry(aDetail({ hardware: { ...MACHINE, known: false } })).title).toMatch(/another machine/);
  expect(whyNoTelemetry(aDetail({ environment: anEnvironment() })).text).toMatch(/obt-client 0\.1\.0/);
  expect(whyNoTelemetry(aDetail({ environment: null })).text).toMatch(/ended before/);
  const environment = anEnvironment({ machine: AROUND });
  expect(whyNoTelemetry(aDetail({ environment })).text).toMatch(/OBT_TELEMETRY_INTERVAL_S/);
});
