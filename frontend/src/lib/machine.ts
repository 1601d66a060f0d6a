/** A machine as a person would describe it, and what changed on it. Pure functions. */
import type {
  Gpu,
  GpuEnvironment,
  HardwareRecord,
  HardwareSnapshot,
  MachineEnvironment,
  Npu,
  Power,
} from './api/types';
import { bytes, count, frequency, hardware, memory, NONE, number, percent, plural } from './format';

export interface Fact {
  name: string;
  value: string;
  full?: string;
}

type Part = string | number | false | null | undefined;

function joined(...parts: Part[]): string {
  return parts.filter((part) => part !== 0 && Boolean(part)).join(' · ');
}

const NOT_TOLD: Fact[] = [{ name: 'Hardware', value: 'not told' }];
const ELSEWHERE: Fact[] = [{ name: 'Hardware', value: 'unknown: Ollama runs on another machine' }];

/**
 * All that is known of a machine. `now`: how it was driven at another time than that of the snapshot. `isNumbered`:
 * parts have their number also where there is one of a kind, so that a second one makes no other part of the first.
 */
export function machineFacts(
  machine: HardwareSnapshot | null | undefined,
  now?: MachineEnvironment | null,
  isNumbered = false,
): Fact[] {
  if (!machine) return NOT_TOLD;
  if (!machine.known) return ELSEWHERE;
  const around = now ?? machine.environment ?? null;
  const named = (name: string, index: number, all: readonly unknown[] = []) =>
    isNumbered || all.length > 1 ? `${name} ${index + 1}` : name;
  const facts = [
    ...cpuFacts(machine),
    { name: 'Memory', value: memoryWords(machine) },
    ...machine.gpus.flatMap((gpu, index) => gpuFacts(gpu, around?.gpus?.[index], named('GPU', index, machine.gpus))),
    ...(machine.gpus.length ? [] : [{ name: 'GPU', value: 'none found' }]),
    ...(machine.npus ?? []).map((npu, index) => ({ name: named('NPU', index, machine.npus), value: npuWords(npu) })),
    { name: 'Disk of the models', value: diskWords(machine, around) },
    { name: 'System', value: joined(`${machine.os} ${machine.os_version}`.trim(), machine.arch) || NONE },
    { name: 'Kernel', value: around?.kernel ?? '' },
    { name: 'Runs in', value: around ? boundaryWords(around) : '' },
    { name: 'Power', value: around?.power ? powerWords(around.power) : '' },
  ];
  return facts.filter(({ value }) => value !== '');
}

function cpuFacts({ cpu }: HardwareSnapshot): Fact[] {
  if (!cpu) return [{ name: 'Processor', value: NONE }];
  const kinds =
    cpu.performance_cores && cpu.efficiency_cores
      ? ` (${cpu.performance_cores} fast, ${cpu.efficiency_cores} efficient)`
      : '';
  const cores = cpu.physical_cores ? plural(cpu.physical_cores, 'core') + kinds : 'cores not told';
  const top = cpu.max_mhz && `up to ${frequency(cpu.max_mhz)}`;
  return [
    { name: 'Processor', value: cpu.model || NONE },
    { name: 'Cores', value: joined(cores, plural(cpu.logical_cores, 'thread'), top) },
    { name: 'Instruction sets', value: (cpu.features ?? []).join(' ') },
  ];
}

function memoryWords({ memory_bytes, memory: modules }: HardwareSnapshot): string {
  return joined(
    memory(memory_bytes),
    modules?.kind,
    modules?.speed_mt_per_s && `${count(modules.speed_mt_per_s)} MT/s`,
    modules?.modules && plural(modules.modules, 'module'),
    modules?.is_unified && 'shared with the GPU',
  );
}

function gpuFacts(gpu: Gpu, driven: GpuEnvironment | undefined, name: string): Fact[] {
  const own = gpu.memory_bytes ? memory(gpu.memory_bytes) : gpu.is_integrated && "shares the machine's memory";
  const link = linkWords(gpu.pcie_generation_max, gpu.pcie_width_max);
  const capability = gpu.compute_capability ?? '';
  const able = joined(
    /^\d/.test(capability) ? `compute capability ${capability}` : capability,
    gpu.has_tensor_cores && 'tensor cores',
    (gpu.number_formats ?? []).join(' '),
  );
  return [
    {
      name,
      value: joined(gpu.name, own, gpu.cores && plural(gpu.cores, 'core'), link),
      full: gpu.pci_address ?? undefined,
    },
    { name: `${name} computes`, value: able },
    {
      name: `${name} driven by`,
      value: driven ? drivenWords(driven, gpu) : gpu.driver_version ? `driver ${gpu.driver_version}` : '',
    },
  ];
}

function drivenWords(driven: GpuEnvironment, gpu: Gpu): string {
  const driver = [driven.driver, driven.driver_version ?? gpu.driver_version].filter(Boolean).join(' ');
  const limit = driven.power_limit_w;
  const usual = driven.power_limit_default_w;
  const link = linkWords(driven.pcie_generation, driven.pcie_width);
  const split = (driven.mig_devices ?? []).map(({ profile }) => profile).join(' ');
  return joined(
    driver && `driver ${driver}`,
    driven.runtime_version,
    driven.firmware_version && `firmware ${driven.firmware_version}`,
    limit && `limited to ${number(limit)} W${usual && usual !== limit ? ` of ${number(usual)} W` : ''}`,
    link && `link ${link}`,
    driven.is_ecc_enabled && 'ECC on',
    driven.is_mig_enabled && `split by MIG into ${split || 'nothing'}`,
    driven.memory_carved_out_bytes && `${memory(driven.memory_carved_out_bytes)} of the machine's memory set apart`,
    driven.is_accessible === false && 'not accessible from here',
  );
}

/** `PCIe 4 × 16`, in one piece. */
function linkWords(generation: number | null | undefined, width: number | null | undefined): string {
  return generation && width ? `PCIe\u00a0${generation}\u00a0×\u00a0${width}` : '';
}

function npuWords({ name, cores, driver }: Npu): string {
  return joined(name, cores && plural(cores, 'core'), driver && `driver ${driver}`);
}

const DISK = { hdd: 'HDD', ssd: 'SSD', nvme: 'NVMe' };

function diskWords({ model_disk: disk }: HardwareSnapshot, around: MachineEnvironment | null): string {
  const free = around?.model_disk_free_bytes;
  const size = disk?.size_bytes ? bytes(disk.size_bytes) : '';
  return joined(disk?.kind && DISK[disk.kind], size, disk?.filesystem, free != null && `${bytes(free)} free`);
}

function boundaryWords({ virtualization, container }: MachineEnvironment): string {
  const isTold = (value: string | null | undefined) => value && value !== 'none';
  const found = joined(
    isTold(virtualization) && `virtual machine (${virtualization})`,
    isTold(container) && `container (${container})`,
  );
  return found || (virtualization === 'none' ? 'the machine itself' : '');
}

function powerWords(power: Power): string {
  return joined(
    power.source && (power.source === 'battery' ? 'on battery' : 'on mains'),
    power.battery_percent != null && `battery at ${percent(power.battery_percent / 100)}`,
    power.governor && `governor ${power.governor}`,
    power.energy_preference && `prefers ${power.energy_preference.replaceAll('_', ' ')}`,
    power.platform_profile && `profile ${power.platform_profile}`,
    power.plan && `plan ${power.plan.replaceAll('_', ' ')}`,
    power.is_boost_enabled === false && 'boost off',
    power.is_low_power_mode && 'Low Power Mode',
  );
}

export interface Difference {
  name: string;
  /** Empty where there was nothing before, or is nothing now. */
  from: string;
  to: string;
}

/** What two looks at a machine tell differently. Free space comes and goes: it is no change. */
export function differences(before: readonly Fact[], after: readonly Fact[]): Difference[] {
  const was = new Map(before.map(({ name, value }) => [name, value]));
  const is = new Map(after.map(({ name, value }) => [name, value]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.has(name) === is.has(name) || !isDetail(name))
    .map((name) => difference(name, lasting(was.get(name)), lasting(is.get(name))))
    .filter(({ from, to }) => from !== to);
}

/** Only those parts of a value that changed. */
function difference(name: string, was: string[], is: string[]): Difference {
  const without = (parts: string[], others: string[]) => parts.filter((part) => !others.includes(part)).join(' · ');
  return { name, from: without(was, is), to: without(is, was) };
}

function lasting(value = ''): string[] {
  const parts = value.split(' · ');
  return parts.filter((part) => !/ free$|^battery at |^link PCIe/.test(part));
}

/** Told of a part that has a line of its own: it comes and goes with that. */
function isDetail(name: string): boolean {
  return / (computes|driven by)$/.test(name);
}

const NOTE: Record<string, string> = {
  timed_out: 'did not answer in time',
  permission_denied: 'may not be read by this user',
  unreadable: 'told what nobody understands',
  failed: 'ended with an error',
  driver_missing: 'is there, and no driver serves it',
  device_lost: 'went away while it was looked at',
  not_accessible: 'is seen, but cannot be reached from where the client runs',
};

/** Why a part of a machine is not known, in words. */
export function noteWords(code: string): string {
  return NOTE[code] ?? code.replaceAll('_', ' ');
}

/** A machine from some moment to another. */
export interface Chapter {
  since: string;
  /** Null where it is so until now, or nobody knows. */
  until: string | null;
  isNow: boolean;
  /** Against the chapter before; null for the first. */
  changes: Difference[] | null;
  summary: string;
}

/** Every machine that a client was, newest first, each with what was different before. */
export function chaptersOf(records: readonly HardwareRecord[]): Chapter[] {
  const inOrder = [...records].sort((a, b) => beginOf(a).localeCompare(beginOf(b)));
  const facts = inOrder.map((record) => machineFacts(record.hardware, null, true));
  return inOrder
    .map((record, index) => ({
      since: record.first_seen_at,
      until: record.replaced_at,
      isNow: record.is_current,
      changes: index ? differences(facts[index - 1] ?? [], facts[index] ?? []) : null,
      summary: hardware(record.hardware),
    }))
    .reverse();
}

/** The present one last, wherever it was seen before: a machine may become again what it was. */
function beginOf({ is_current, first_seen_at }: HardwareRecord): string {
  return is_current ? '9999' : first_seen_at;
}
