import { describe, expect, it } from 'vitest';
import { aDetail, aSample, aWorkload, estimate, SUITE } from '$lib/testing/builders';
import { environmentFacts, hardwareFacts, headlineOf, loadsOf, stripsOf } from './result-view';

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

  it('shows the metric that was to be precise, computed where a sample does not hold it', () => {
    const precision = { metric: 'gap_max_ms' as const, within: 0.03, samples_min: 6 };
    const suite = { ...SUITE, workloads: [aWorkload({ precision })] };
    const samples = [aSample({ chunk_ms: [50, 61, 75] }), aSample({ number: 2, chunk_ms: [50, 61], merged_chunks: 1 })];
    const [strip] = stripsOf(aDetail({ suite, samples }));
    expect([strip?.metric, strip?.points.map((point) => point.value)]).toEqual(['gap_max_ms', [14]]);
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
    const unknown = { known: false, os: '', os_version: '', arch: '', cpu: null, memory_bytes: null };
    const hardware = { ...unknown, gpus: [], npus: [], notes: [] };
    expect(value(hardwareFacts(aDetail({ hardware })), 'Hardware')).toMatch(/unknown/);
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
      order_seed: 2 ** 60,
      own_error: {
        streams: 8,
        ttft_p50_us: 6,
        ttft_p99_us: 14.2,
        gap_p50_us: 3,
        gap_p99_us: 21.4,
        clock: 'kernel' as const,
        measured_at: '2026-11-21T09:00:00Z',
      },
    };
    const facts = environmentFacts(aDetail({ environment }));
    expect(
      ['In VRAM', 'Size in memory', 'Context', 'Other models loaded', 'CPU before'].map((name) => value(facts, name)),
    ).toEqual(['25 %', '4.0 GB', '2,048 tokens', 'a, b', '3 %']);
    const rtx = { vendor: 'nvidia' as const, name: 'RTX 4090', memory_bytes: 24 * 2 ** 30, driver_version: '560' };
    expect(value(facts, "OBT's own error")).toBe("TTFT ≤ 14 µs, gap ≤ 21 µs at p99 with 8 streams, the kernel's clock");
    expect(value(facts, 'Seed of the order')).toMatch(/too long/);
    const gpu = { ...rtx, number_formats: [] };
    const machine = {
      known: true,
      os: 'Linux',
      os_version: '6.1',
      arch: 'x86_64',
      cpu: { model: 'Ryzen', physical_cores: null, logical_cores: 24, features: [] },
      memory_bytes: 2 ** 36,
      gpus: [gpu, gpu],
      npus: [],
      notes: [],
    };
    const hardware = hardwareFacts(aDetail({ hardware: machine }));
    expect(value(hardware, 'GPU 2')).toBe('RTX 4090 · 24 GB · driver 560');
    expect(value(hardware, 'Cores')).toBe('– physical, 24 logical');
    expect(value(hardwareFacts(aDetail({ hardware: { ...machine, gpus: [] } })), 'GPU')).toBe('none found');
  });
});

describe('what is worth a place of its own', () => {
  it('is a load where requests met each other or limits, not where they came one by one', () => {
    const asked = [
      aWorkload(),
      aWorkload({ name: 'c8', concurrency: 8 }),
      aWorkload({ name: 'held', limits: { ttft_ms: 400 } }),
    ];
    const measured = { taken: 1, counted: 1, metrics: {}, throughput_tokens_per_s: 90 };
    const workloads = asked.map(({ name }) => ({ workload: name, ...measured }));
    const detail = aDetail({ suite: { ...SUITE, workloads: asked }, summary: { headline: {}, workloads } });
    expect(loadsOf(detail).map(({ workload }) => workload)).toEqual(['c8', 'held']);
  });

  it('is the first answer where something was thought before it', () => {
    const of = (first: number) =>
      headlineOf(aDetail({ headline: { ttft_ms: estimate(50), first_answer_ms: estimate(first) } }));
    expect(Object.keys(of(50.1))).toEqual(['ttft_ms']);
    expect(Object.keys(of(900))).toEqual(['ttft_ms', 'first_answer_ms']);
  });

  it('is num_ctx from least to most where workloads differ', () => {
    expect(value(environmentFacts(aDetail()), 'num_ctx')).toBe('2,048');
    const workloads = SUITE.workloads.map((workload, index) => ({ ...workload, num_ctx: index ? 8192 : null }));
    const facts = environmentFacts(aDetail({ suite: { ...SUITE, workloads } }));
    expect(value(facts, 'num_ctx')).toBe('2,048 to 8,192, by workload');
  });
});
