/** Which tracks of a job's telemetry are drawn together, in which unit, under which names. */

export interface Unit {
  name: string;
  /** So many of the wire's units are one of these. */
  per: number;
}

export interface TrackName {
  name: string;
  /** Which of the lines' looks: one track has the same everywhere. */
  look: number;
}

export interface Kind {
  key: string;
  title: string;
  unit: Unit;
  tracks: Readonly<Record<string, TrackName>>;
  /** The upper end of the scale, in the unit, where it is a limit by nature. */
  most?: number;
}

const PERCENT = { name: '%', per: 1 };
const MEMORY = { name: 'GB', per: 2 ** 30 };
const MEGAHERTZ = { name: 'MHz', per: 1 };
const TRAFFIC = { name: 'MB/s', per: 1e6 };
export const PLAIN = { name: '', per: 1 };

const ALL = { name: 'all', look: 1 };
const OLLAMA = { name: 'Ollama', look: 2 };
const OTHERS = { name: 'others', look: 3 };

/** In the order in which they are shown. */
export const KINDS: readonly Kind[] = [
  {
    key: 'processor',
    title: 'Processor',
    unit: PERCENT,
    most: 100,
    tracks: {
      cpu_percent: ALL,
      ollama_cpu_percent: OLLAMA,
      foreign_cpu_percent: OTHERS,
      client_cpu_percent: { name: 'OBT', look: 4 },
    },
  },
  {
    key: 'memory',
    title: 'Memory',
    unit: MEMORY,
    tracks: { memory_used_bytes: { name: 'in use', look: 1 }, ollama_memory_bytes: OLLAMA },
  },
  {
    key: 'swap',
    title: 'Swapping',
    unit: TRAFFIC,
    tracks: { swapped_bytes_per_s: { name: 'read and written', look: 3 } },
  },
  {
    key: 'utilization',
    title: 'Utilisation',
    unit: PERCENT,
    most: 100,
    tracks: { utilization_percent: ALL, foreign_utilization_percent: OTHERS },
  },
  {
    key: 'vram',
    title: 'GPU memory',
    unit: MEMORY,
    tracks: { vram_used_bytes: { name: 'in use', look: 1 }, ollama_vram_bytes: OLLAMA },
  },
  {
    key: 'power',
    title: 'Power',
    unit: { name: 'W', per: 1 },
    tracks: { power_w: { name: 'drawn', look: 1 }, power_limit_w: { name: 'limit', look: 5 } },
  },
  {
    key: 'temperature',
    title: 'Temperature',
    unit: { name: '°C', per: 1 },
    tracks: { temperature_c: { name: 'chip', look: 1 } },
  },
  { key: 'clock', title: 'Clock', unit: MEGAHERTZ, tracks: { clock_mhz: { name: 'cores', look: 1 } } },
  {
    key: 'memory-clock',
    title: 'Memory clock',
    unit: MEGAHERTZ,
    tracks: { memory_clock_mhz: { name: 'memory', look: 4 } },
  },
  {
    key: 'pcie',
    title: 'PCIe',
    unit: TRAFFIC,
    tracks: {
      pcie_received_bytes_per_s: { name: 'received', look: 1 },
      pcie_sent_bytes_per_s: { name: 'sent', look: 4 },
    },
  },
];

/** Told as spans, not as lines. */
export const THROTTLE = 'throttle';
/** A counter: the power that it tells is a track of its own. */
export const ENERGY = 'energy_j';

const DEVICE: Record<string, string> = { cpu: 'processor', dram: 'memory modules' };

/** `gpu0` is `GPU`, or `GPU 1` where there are several; `cpu1` is `processor 2`; a newer one as it is. */
export function deviceName(device: string | null | undefined, gpus = 1): string {
  if (!device) return 'machine';
  if (DEVICE[device]) return DEVICE[device];
  const [, kind, index] = /^(gpu|cpu)(\d+)$/.exec(device) ?? [];
  if (index === undefined) return device;
  if (kind === 'gpu') return gpus > 1 ? `GPU ${Number(index) + 1}` : 'GPU';
  return `processor ${Number(index) + 1}`;
}
