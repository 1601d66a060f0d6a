/** Machines and what they told while they measured, for tests. */
import type { Downloads, Environment, HardwareSnapshot, MachineEnvironment, Telemetry } from '$lib/api/types';

const GIB = 2 ** 30;

export const AROUND: MachineEnvironment = {
  kernel: '6.8.0-57-generic',
  virtualization: 'none',
  container: 'docker',
  power: { source: 'mains', battery_percent: 80, governor: 'powersave', is_boost_enabled: false },
  model_disk_free_bytes: 1e11,
  gpus: [
    {
      name: 'NVIDIA GeForce RTX 4090',
      driver: 'nvidia',
      driver_version: '570.86',
      runtime_version: 'CUDA 12.8',
      power_limit_w: 350,
      power_limit_default_w: 450,
      pcie_generation: 1,
      pcie_width: 16,
      mig_devices: [],
    },
  ],
};

export const MACHINE: HardwareSnapshot = {
  known: true,
  os: 'Linux',
  os_version: 'Ubuntu 24.04.2 LTS',
  arch: 'x86_64',
  cpu: {
    model: '13th Gen Intel(R) Core(TM) i5-13400',
    physical_cores: 10,
    logical_cores: 16,
    performance_cores: 6,
    efficiency_cores: 4,
    max_mhz: 4_600,
    features: ['avx2', 'fma'],
  },
  memory_bytes: 31.2 * GIB,
  memory: { kind: 'DDR5', speed_mt_per_s: 5_200, modules: 2, is_unified: false },
  gpus: [
    {
      vendor: 'nvidia',
      name: 'NVIDIA GeForce RTX 4090',
      memory_bytes: 24 * GIB,
      driver_version: '570.86',
      compute_capability: '8.9',
      has_tensor_cores: true,
      number_formats: ['bf16', 'fp8'],
      pcie_generation_max: 4,
      pcie_width_max: 16,
    },
  ],
  npus: [{ vendor: 'intel', name: 'Intel AI Boost', driver: 'intel_vpu' }],
  model_disk: { kind: 'nvme', size_bytes: 1e12, filesystem: 'ext4' },
  environment: AROUND,
  notes: [{ source: 'amd-tools', code: 'timed_out', detail: 'rocm-smi' }],
};

export const anEnvironment = (change: Partial<Environment> = {}): Environment => ({
  client_version: '0.1.0',
  hardware_fingerprint: null,
  ollama_version: '0.9.3',
  model: 'x',
  model_digest: 'c0ffee00',
  quantization: null,
  options: { num_ctx: 2048, temperature: 0, seed: 1, think: false, keep_alive_s: 300 },
  suite_hash: 'c0ffee00',
  clock: 'kernel',
  size_bytes: 4e9,
  size_vram_bytes: 1e9,
  context_length: 2048,
  other_models_loaded: [],
  cpu_percent_before: 3,
  machine: null,
  ollama_settings: {},
  conditions: [],
  ...change,
});

/** A series of a tick a second: each channel with its values, `gpu0 power_w` or `cpu_percent`. */
export function aTelemetry(channels: Record<string, (number | null)[]>, startedAt = '2026-11-21T09:00:00Z'): Telemetry {
  const names = Object.keys(channels);
  const length = Math.max(0, ...names.map((name) => channels[name]?.length ?? 0));
  return {
    started_at: startedAt,
    channels: names.map((name) => {
      const [track = '', device] = name.split(' ').reverse();
      return { track, device: device ?? null, source: null };
    }),
    ticks: Array.from({ length }, (_, index) => ({
      at_ms: index * 1_000,
      values: names.map((name) => channels[name]?.[index] ?? null),
    })),
  };
}

/** What a server has to install, with a line for each system. */
export function aDownloads(change: Partial<Downloads> = {}): Downloads {
  const lines = (['linux', 'macos', 'windows'] as const).map((system) => ({
    system,
    shell: system === 'windows' ? 'PowerShell' : 'sh',
    script_url: `http://obt.lan:8881/install.${system === 'windows' ? 'ps1' : 'sh'}`,
    script_sha256: `${system}-`.padEnd(64, '0'),
    install: `OBT_ENROL_TOKEN=x; fetch ${system} | run -- TOKEN`,
    upgrade: `upgrade ${system}`,
    uninstall: `remove ${system}`,
    is_checked: true,
  }));
  const server_url = 'http://obt.lan:8881';
  return { version: '0.2.0', server_url, token_placeholder: 'TOKEN', why_not: null, lines, third_party: [], ...change };
}
