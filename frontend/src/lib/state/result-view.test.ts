import { describe, expect, it } from 'vitest';
import { aDetail, aSample, estimate } from '$lib/testing/builders';
import { environmentFacts, hardwareFacts, stripsOf } from './result-view';

const value = (facts: { name: string; value: string }[], name: string) =>
  facts.find((fact) => fact.name === name)?.value;

describe('stripsOf', () => {
  const workloads = ['chat', 'prompt', 'load'].map((workload) => ({
    workload,
    taken: 1,
    counted: 1,
    metrics: { decode_tokens_per_s: estimate() },
  }));

  it('shows of each workload what it is for', () => {
    const samples = ['chat', 'prompt', 'load'].map((workload, index) =>
      aSample({ number: index + 1, workload, load_ms: 700 }),
    );
    const strips = stripsOf(aDetail({ summary: { headline: {}, workloads }, samples }));
    expect(strips.map(({ metric }) => metric)).toEqual(['decode_tokens_per_s', 'prefill_tokens_per_s', 'load_ms']);
  });

  it('leaves warm-ups out, marks what did not count, and skips what nobody measured', () => {
    const samples = [
      aSample({ role: 'warmup' }),
      aSample({ number: 2 }),
      aSample({ number: 3, flags: ['model_reloaded'] }),
      aSample({ number: 4, decode_tokens_per_s: null }),
    ];
    const [strip] = stripsOf(aDetail({ samples }));
    expect(strip?.points.map(({ number, counted }) => [number, counted])).toEqual([
      [2, true],
      [3, false],
    ]);
    expect(stripsOf(aDetail({ samples: [] }))).toEqual([]);
  });
});

describe('facts', () => {
  it('never guess: what is unknown is a dash or said to be unknown', () => {
    expect(value(environmentFacts(aDetail()), 'In VRAM')).toBe('–');
    expect(value(hardwareFacts(aDetail()), 'Hardware')).toBe('not told');
    const unknown = { known: false, os: '', os_version: '', arch: '', cpu: null, memory_bytes: null, gpus: [] };
    expect(value(hardwareFacts(aDetail({ hardware: unknown })), 'Hardware')).toMatch(/unknown/);
  });

  it('tell where the model was, and on what', () => {
    const environment = {
      client_version: '0.1.0',
      hardware_fingerprint: null,
      ollama_version: '0.9.3',
      model: 'x',
      model_digest: 'c0ffee00',
      quantization: null,
      options: aDetail().suite.options,
      suite_hash: 'c0ffee00',
      clock: 'kernel' as const,
      size_bytes: 4e9,
      size_vram_bytes: 1e9,
      context_length: 2048,
      other_models_loaded: ['a', 'b'],
      cpu_percent_before: 3,
    };
    const facts = environmentFacts(aDetail({ environment }));
    expect(
      ['In VRAM', 'Size in memory', 'Context', 'Other models loaded', 'CPU before'].map((name) => value(facts, name)),
    ).toEqual(['25 %', '4.0 GB', '2,048 tokens', 'a, b', '3 %']);
    const gpu = { vendor: 'nvidia' as const, name: 'RTX 4090', memory_bytes: 24 * 2 ** 30, driver_version: '560' };
    const machine = {
      known: true,
      os: 'Linux',
      os_version: '6.1',
      arch: 'x86_64',
      cpu: { model: 'Ryzen', physical_cores: null, logical_cores: 24 },
      memory_bytes: 2 ** 36,
      gpus: [gpu, gpu],
    };
    const hardware = hardwareFacts(aDetail({ hardware: machine }));
    expect(value(hardware, 'GPU 2')).toBe('RTX 4090 · 24 GB · driver 560');
    expect(value(hardware, 'Cores')).toBe('– physical, 24 logical');
    expect(value(hardwareFacts(aDetail({ hardware: { ...machine, gpus: [] } })), 'GPU')).toBe('none found');
  });
});
