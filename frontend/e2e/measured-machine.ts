/** The machine of the run that was measured elsewhere, and what it did meanwhile: two GPUs, one of which is lost. */
import type { components } from '../src/lib/api/schema';

type Schemas = components['schemas'];
type Sample = Partial<Schemas['Sample']>;
type Reading = (second: number, busy: number, disturbed: number) => number | null;

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const BATCH = 500;
/** The second GPU falls off the bus for so long, in seconds since the series began. */
const LOST: [number, number] = [58, 70];
const HOT: [number, number] = [92, 106];

export const AROUND = {
  kernel: '6.8.0-57-generic',
  distribution: 'ubuntu',
  distribution_version: '24.04',
  virtualization: 'none',
  container: 'none',
  power: { source: 'mains', governor: 'powersave', energy_preference: 'balance_performance', is_boost_enabled: true },
  model_disk_free_bytes: 812e9,
  gpus: [gpuAround('NVIDIA GeForce RTX 4090', 350, 450), gpuAround('NVIDIA GeForce RTX 3060', 170, 170)],
};

function gpuAround(name: string, power_limit_w: number, power_limit_default_w: number) {
  const driver = { driver: 'nvidia', driver_version: '570.86.15', runtime_version: 'CUDA 12.8' };
  return { name, ...driver, power_limit_w, power_limit_default_w, pcie_generation: 4, pcie_width: 16, mig_devices: [] };
}

export const HARDWARE = {
  known: true,
  os: 'Linux',
  os_version: 'Ubuntu 24.04.2 LTS',
  arch: 'x86_64',
  cpu: {
    model: 'AMD Ryzen 9 7900X 12-Core Processor',
    physical_cores: 12,
    logical_cores: 24,
    max_mhz: 5_733,
    features: ['avx2', 'avx512f', 'avx512_vnni', 'f16c', 'fma'],
  },
  memory_bytes: 67_216_000_000,
  memory: { kind: 'DDR5', speed_mt_per_s: 6_000, modules: 2, is_unified: false },
  gpus: [gpu('NVIDIA GeForce RTX 4090', 24, '8.9', 16_384), gpu('NVIDIA GeForce RTX 3060', 12, '8.6', 3_584)],
  npus: [],
  model_disk: { kind: 'nvme', size_bytes: 2e12, filesystem: 'ext4' },
  environment: AROUND,
  notes: [
    { source: 'rapl', code: 'permission_denied', detail: 'energy_uj is readable by root alone' },
    { source: 'amd-tools', code: 'timed_out', detail: 'rocm-smi' },
  ],
};

function gpu(name: string, memory_gib: number, compute_capability: string, cores: number) {
  const link = { pcie_generation_max: 4, pcie_width_max: 16, has_tensor_cores: true };
  const formats = ['bf16', 'fp16', 'int8', ...(compute_capability === '8.9' ? ['fp8'] : [])];
  const own = { vendor: 'nvidia', name, memory_bytes: memory_gib * GIB, driver_version: '570.86.15' };
  return { ...own, ...link, compute_capability, cores, number_formats: formats, is_integrated: false };
}

/** Beside what every environment holds. */
export const TOLD = {
  size_bytes: 6_100_000_000,
  size_vram_bytes: 3_782_000_000,
  machine: AROUND,
  ollama_settings: { OLLAMA_NUM_PARALLEL: '4', OLLAMA_FLASH_ATTENTION: '1', OLLAMA_KV_CACHE_TYPE: 'q8_0' },
  ollama_settings_source: 'systemd',
  model_parameters:
    'stop                           "<|im_start|>"\ntemperature                    0.6\ntop_k                          20',
  idle_power_w: 38.4,
  conditions: [
    { code: 'offload_split', detail: '62 % in GPU memory', weight: 'clean' },
    { code: 'power_capped', detail: 'gpu0: 31 % of the time', weight: 'clean' },
  ],
};

const wave = (second: number, seed: number) => Math.sin(second * 0.37 + seed) + 0.5 * Math.sin(second * 1.9 + seed * 3);
const within = (second: number, [begin, end]: readonly [number, number]) => begin <= second && second < end;

const MACHINE: Record<string, Reading> = {
  cpu_percent: (s, busy, disturbed) => 3 + 21 * busy + 44 * disturbed + wave(s, 1),
  foreign_cpu_percent: (s, _, disturbed) => 1.2 + 44 * disturbed + 0.4 * wave(s, 2),
  ollama_cpu_percent: (s, busy) => 0.3 + 20 * busy + 0.6 * Math.abs(wave(s, 3)),
  client_cpu_percent: (s, busy) => 0.2 + 0.3 * busy,
  memory_used_bytes: (s, busy) => (9.5 + 3.1 * busy + 0.05 * wave(s, 4)) * GIB,
  ollama_memory_bytes: (s, busy) => (0.9 + 2.6 * busy) * GIB,
  swapped_bytes_per_s: (_, __, disturbed) => 0.4 * MIB * disturbed,
};

/** Of one GPU. `share`: how much of the work it does. */
function readings(share: number, limit: number, vram: number, seed: number): Record<string, Reading> {
  return {
    utilization_percent: (s, busy) => Math.min(100, 2 + 93 * share * busy + 2 * wave(s, seed)),
    foreign_utilization_percent: () => 1.1,
    vram_used_bytes: (s, busy) => (0.8 + vram * (0.2 + 0.8 * busy)) * GIB,
    ollama_vram_bytes: (s, busy) => vram * (0.2 + 0.8 * busy) * GIB,
    power_w: (s, busy) => Math.min(limit, limit * (0.08 + 0.9 * share * busy) + 4 * wave(s, seed + 1)),
    power_limit_w: () => limit,
    temperature_c: (s, busy) => 41 + 31 * share * busy + (within(s, HOT) ? 12 : 0) + wave(s, seed + 2),
    clock_mhz: (s, busy) => 2_520 - 2_310 * (1 - busy) - (within(s, HOT) ? 620 : 0),
    memory_clock_mhz: (s, busy) => (busy ? 10_501 : 405),
    throttle: (s, busy) => (within(s, HOT) ? 1 : 0) | (busy && share > 0.8 && s % 7 < 4 ? 2 : 0),
    pcie_received_bytes_per_s: (s, busy) => busy * (38e6 + 9e6 * wave(s, seed + 4)),
    pcie_sent_bytes_per_s: (s, busy) => busy * (7e6 + 2e6 * wave(s, seed + 5)),
  };
}

const GPUS = [readings(0.96, 350, 6.4, 10), readings(0.55, 170, 3.2, 20)];

/** What such a machine tells each second while these samples are taken, in batches as a client sends them. */
export function telemetryOf(samples: readonly Sample[]): Schemas['TelemetryBatch'][] {
  const begin = Math.min(...samples.map(beginMs)) - 8_000;
  const seconds = Math.ceil((Math.max(...samples.map(endMs)) - begin) / 1_000) + 4;
  const busy = secondsOf(samples, begin, seconds);
  const disturbed = secondsOf(
    samples.filter(({ flags }) => flags?.includes('foreign_cpu_load')),
    begin,
    seconds,
  );
  const lines: { track: string; device: string | null; read: Reading }[] = [
    ...Object.entries(MACHINE).map(([track, read]) => ({ track, device: null, read })),
    ...GPUS.flatMap((own, index) =>
      Object.entries(own).map(([track, read]) => ({ track, device: `gpu${index}`, read })),
    ),
  ];
  const watts = GPUS.map(({ power_w }) => power_w as Reading);
  const joules = watts.map(() => 0);
  const ticks = Array.from({ length: seconds }, (_, second) => {
    const [b, d] = [busy[second] ?? 0, disturbed[second] ?? 0];
    watts.forEach((read, index) => (joules[index] = (joules[index] ?? 0) + (read(second, b, d) ?? 0)));
    const isLost = (device: string | null) => device === 'gpu1' && within(second, LOST);
    const values = lines.map(({ device, read }) => (isLost(device) ? null : Math.max(0, read(second, b, d) ?? 0)));
    return { at_ms: second * 1_000, values: [...values, joules[0] ?? 0] };
  });
  const channels = [...lines.map(({ track, device }) => ({ track, device, source: null }))];
  const whole = [...channels, { track: 'energy_j', device: 'gpu0', source: 'counter' as const }];
  const started_at = new Date(begin).toISOString();
  return Array.from({ length: Math.ceil(seconds / BATCH) }, (_, index) => ({
    first: index * BATCH,
    telemetry: { started_at, channels: whole, ticks: ticks.slice(index * BATCH, (index + 1) * BATCH) },
  }));
}

const beginMs = ({ started_at }: Sample) => Date.parse(started_at ?? '');
export const endMs = (sample: Sample) => beginMs(sample) + (sample.e2e_ms ?? 0);

/** Of each second, how much of it these samples took: 0 to 1. */
function secondsOf(samples: readonly Sample[], begin: number, seconds: number): number[] {
  const taken = new Array<number>(seconds).fill(0);
  for (const sample of samples) {
    const [from, to] = [(beginMs(sample) - begin) / 1_000, (endMs(sample) - begin) / 1_000];
    for (let second = Math.floor(from); second < to; second += 1)
      taken[second] = Math.min(1, (taken[second] ?? 0) + Math.min(to, second + 1) - Math.max(from, second));
  }
  return taken;
}
