/** Verdicts and facts in words. */
import type { ComparisonLine, FigureCode, Metric, Obstacle, Pair, VerdictCode } from '$lib/api/types';
import { bytes, digest, number, percent } from '$lib/format';
import { METRIC, type Word } from '$lib/words';

export const VERDICT: Record<VerdictCode, Word> = {
  faster: { glyph: 'up', text: 'faster', tone: 'good' },
  slower: { glyph: 'down', text: 'slower', tone: 'bad' },
  no_difference: { glyph: 'equal', text: 'no difference seen', tone: 'quiet' },
  not_settled: { glyph: 'half', text: 'not settled', tone: 'warn' },
  too_few: { glyph: 'ring', text: 'too few samples', tone: 'quiet' },
  not_comparable: { glyph: 'skip', text: 'not comparable', tone: 'quiet' },
};

const OBSTACLE: Record<Obstacle, string> = {
  another_suite: 'another suite',
  nothing_in_common: 'they measured nothing in common',
};

export interface FigureWord {
  name: string;
  text: (value: number) => string;
  better: 'higher' | 'lower';
}

export const FIGURE: Record<FigureCode, FigureWord> = {
  energy_j_per_token: { name: 'Energy', text: (value) => `${number(value)} J/token`, better: 'lower' },
  throughput_tokens_per_s: { name: 'Throughput', text: (value) => `${number(value)} tokens/s`, better: 'higher' },
  goodput_per_s: { name: 'Goodput', text: (value) => `${number(value)} requests/s`, better: 'higher' },
  vram_bytes: { name: 'GPU memory', text: bytes, better: 'lower' },
  memory_bytes: { name: 'Main memory', text: bytes, better: 'lower' },
};

/** How much, and which way: a rate is faster, a time is shorter. From twice on, how many times as fast. */
export function byHowMuch(metric: Metric, relative: number): string {
  const isRate = METRIC[metric].better === 'higher';
  if (relative >= 1) return `${number(1 + relative)} times as ${isRate ? 'fast' : 'long'}`;
  const way = relative > 0 ? (isRate ? 'faster' : 'longer') : isRate ? 'slower' : 'shorter';
  return `${percent(Math.abs(relative))} ${way}`;
}

/** A pair's verdict as one would say it. */
export function verdictWords(pair: Pick<Pair, 'verdict' | 'obstacle' | 'headline'>): string {
  const { verdict, obstacle, headline: line } = pair;
  if (verdict === 'not_comparable') return `not comparable: ${obstacle ? OBSTACLE[obstacle] : 'unknown why'}`;
  if (!line) return VERDICT[verdict].text;
  const what = line.metric === 'decode_tokens_per_s' ? '' : `${METRIC[line.metric].name} `;
  return what + lineWords(line);
}

/** A line's verdict as one would say it. */
export function lineWords(
  line: Pick<ComparisonLine, 'verdict' | 'metric' | 'relative' | 'n_before' | 'n_after'>,
): string {
  const { verdict, metric, relative } = line;
  if (verdict === 'faster' || verdict === 'slower')
    return relative == null ? `${VERDICT[verdict].text}, sure` : `${byHowMuch(metric, relative)}, sure`;
  if (verdict === 'not_settled') return `not settled: ${unsettled(percent(Math.abs(relative ?? 0)))}`;
  if (verdict === 'too_few') return `too few samples to judge: ${line.n_before} and ${line.n_after}`;
  return VERDICT[verdict].text;
}

/** Samples that scatter too widely to show anything are not settled wherever their medians lie. */
function unsettled(apart: string): string {
  return apart === '0 %' ? 'they scatter too widely' : `medians ${apart} apart`;
}

/** What the verdict of no difference is worth. */
export function worth(line: Pick<ComparisonLine, 'verdict' | 'detectable'> | null): string {
  if (line?.verdict !== 'no_difference') return '';
  return line.detectable == null
    ? 'so few samples show none of any size'
    : `${percent(line.detectable)} would have shown`;
}

/** What else is surely different, in short: `TTFT of chat 11 % longer`. */
export function otherFindings(pair: Pair, most = 2): string {
  const found = pair.lines.filter(
    (line) =>
      line.is_main &&
      (line.verdict === 'faster' || line.verdict === 'slower') &&
      !(line.workload === pair.headline?.workload && line.metric === pair.headline.metric),
  );
  const said = found
    .slice(0, most)
    .map((line) => `${METRIC[line.metric].name} of ${line.workload} ${byHowMuch(line.metric, line.relative ?? 0)}`);
  return [...said, ...(found.length > most ? [`${found.length - most} more`] : [])].join(' · ');
}

const FACT: Record<string, string> = {
  ollama_version: 'Ollama',
  client_version: 'OBT client',
  quantization: 'Quantization',
  context_length: 'Context length',
  parallel_slots: 'Requests at a time',
  clock: 'Who stamped the chunks',
  model_parameters: "Model's own parameters",
  model_digest: "Model's digest",
  offload: 'Where the layers lay',
  option: 'Option',
  ollama_setting: 'Ollama setting',
  hardware: 'Machine',
  hardware_os: 'System',
  hardware_arch: 'Architecture',
  hardware_memory_bytes: 'Memory',
  hardware_gpus: 'GPUs',
  cpu_model: 'Processor',
  cpu_physical_cores: 'Cores',
  cpu_logical_cores: 'Threads',
  memory_kind: 'Memory kind',
  memory_speed_mt_per_s: 'Memory speed, MT/s',
  memory_modules: 'Memory modules',
  disk_kind: 'Disk of the models',
  disk_filesystem: 'File system of the models',
  gpu_name: 'GPU',
  gpu_memory_bytes: 'GPU memory',
  gpu_driver: 'GPU driver',
  gpu_driver_version: 'GPU driver version',
  gpu_runtime_version: 'GPU runtime',
  gpu_firmware_version: 'GPU firmware',
  gpu_power_limit_w: 'GPU power limit, W',
  gpu_pcie_width: 'PCIe lanes',
  gpu_is_ecc_enabled: 'GPU memory with ECC',
  gpu_is_mig_enabled: 'GPU split (MIG)',
  machine_kernel: 'Kernel',
  machine_distribution: 'Distribution',
  machine_distribution_version: 'Distribution version',
  machine_virtualization: 'Virtual machine',
  machine_container: 'Container',
  power_source: 'Power from',
  power_governor: 'CPU governor',
  power_energy_preference: 'Energy preference',
  power_platform_profile: 'Power profile',
  power_plan: 'Power plan',
  power_is_boost_enabled: 'CPU boost',
  power_is_low_power_mode: 'Low Power Mode',
};

const OFFLOAD: Record<string, string> = {
  gpu: 'all on the GPU',
  cpu: 'all on the processor',
  split: 'partly on the GPU',
  unknown: 'unknown',
};

export const offloadWords = (offload: string): string => OFFLOAD[offload] ?? offload;

export type FactValue = string | number | boolean | null | undefined;

/** A fact's name; that of several by which one it is: `GPU driver version (gpu1)`, `OLLAMA_NUM_PARALLEL`. */
export function factName(code: string, name: string): string {
  if (code === 'ollama_setting') return name;
  if (code === 'option') return `Option ${name}`;
  const word = FACT[code] ?? code.replaceAll('_', ' ');
  return name && name !== 'gpu0' ? `${word} (${name})` : word;
}

/** What a fact says. */
export function factValue(code: string, value: FactValue): string {
  if (value == null) return 'unknown';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return code.endsWith('_bytes') ? bytes(value) : String(value);
  if (code === 'model_digest') return digest(value);
  if (code === 'offload') return offloadWords(value);
  if (code === 'ollama_setting' && value === 'unset') return 'not set';
  return value === '' ? 'empty' : value;
}

/** One event as one would say it: `Ollama 0.9.3 → 0.12.1`. */
export function changeWords(code: string, name: string, before: FactValue, after: FactValue): string {
  if (before == null && after == null) return `${factName(code, name)} changed`;
  return `${factName(code, name)} ${factValue(code, before)} → ${factValue(code, after)}`;
}
