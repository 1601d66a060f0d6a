/** The only place that makes text of a number. Everything else passes numbers with their unit in the name. */
import type { Estimate, HardwareSnapshot, MachineSummary } from './api/types';
import { preferences } from './preferences.svelte';

/** Shown where nothing was measured: never 0. */
export const NONE = '–';

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
const GIB = 2 ** 30;
const JUST_NOW_MS = 2_000;
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

type Maybe<T> = T | null | undefined;

/** Three significant digits, thousands grouped, never an exponent: 1,234 · 98.4 · 9.84 · 0.098. */
export function number(value: Maybe<number>): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 99.95) return grouped.format(value);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995 || size === 0) return value.toFixed(size === 0 ? 0 : 2);
  return value.toFixed(3);
}

const ticks = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

/** A number on an axis: as short as it is round. */
export function tick(value: number): string {
  return ticks.format(value);
}

/** A whole number, thousands grouped. */
export function count(value: Maybe<number>): string {
  return value == null ? NONE : grouped.format(value);
}

/** `1 job`, `3 jobs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${grouped.format(value)} ${value === 1 ? one : many}`;
}

/** The interval beside a median, in the median's unit: `97.1–99.2`; how many samples where that were too few for one. */
export function interval(estimate: Maybe<Estimate>): string {
  if (!estimate) return '';
  if (estimate.low == null || estimate.high == null) return `n = ${estimate.n}`;
  return `${number(estimate.low)}–${number(estimate.high)}`;
}

/** A median with its interval in words, for those who hear the page. */
export function estimateInWords(estimate: Maybe<Estimate>, unit: string): string {
  if (!estimate) return 'not measured';
  const value = `${number(estimate.median)} ${unit}`;
  if (estimate.low == null || estimate.high == null) return `${value}, ${plural(estimate.n, 'sample')}, no interval`;
  return `${value}, 95 % interval ${number(estimate.low)} to ${number(estimate.high)}, ${plural(estimate.n, 'sample')}`;
}

/** The size of a file, in decimal units as Ollama's own list has it: `4.7 GB`. */
export function bytes(value: Maybe<number>): string {
  if (value == null) return NONE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) [size, unit] = [size / 1_000, unit + 1];
  return `${size >= 99.95 || unit === 0 ? size.toFixed(0) : size.toFixed(1)} ${units[unit]}`;
}

/** Memory of a machine, as its maker names it: GiB, rounded to whole ones where it is more than a few. */
export function memory(value: Maybe<number>): string {
  if (value == null) return NONE;
  const size = value / GIB;
  return `${size >= 3.5 ? Math.round(size) : Number(size.toFixed(1))} GB`;
}

/** A length of time: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: Maybe<number>): string {
  if (seconds == null) return NONE;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return joined(Math.floor(whole / MINUTE_S), 'min', whole % MINUTE_S, 's');
  return joined(Math.floor(whole / HOUR_S), 'h', Math.floor((whole % HOUR_S) / MINUTE_S), 'min');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${grouped.format(large)} ${largeUnit}` + (small ? ` ${small} ${smallUnit}` : '');
}

/** A moment of a run on an axis: `0:05`, `12:40`, `1:02:05`. */
export function timer(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const [hours, minutes] = [Math.floor(whole / HOUR_S), Math.floor((whole % HOUR_S) / MINUTE_S)];
  const parts = hours ? [String(hours), two(minutes)] : [String(minutes)];
  return (seconds < 0 && whole ? '−' : '') + [...parts, two(whole % MINUTE_S)].join(':');
}

/** A frequency, given in MHz: `800 MHz`, `4.6 GHz`. */
export function frequency(mhz: Maybe<number>): string {
  if (mhz == null) return NONE;
  return mhz < 1_000 ? `${number(mhz)} MHz` : `${Number((mhz / 1_000).toFixed(2))} GHz`;
}

/** A very short time, given in microseconds: `4.2 µs`, `14 µs`, `1.2 ms`. */
export function micros(us: Maybe<number>): string {
  if (us == null) return NONE;
  if (us >= 999.5) return `${number(us / 1_000)} ms`;
  return `${us < 9.95 ? Number(us.toFixed(1)) : Math.round(us)} µs`;
}

/** How long ago, in one unit: `0 s`, `12 s`, `3 min`, `5 h`, `2 d`. Both in milliseconds since 1970. */
export function age(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - thenMs) / 1_000));
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${grouped.format(Math.floor(seconds / DAY_S))} d`;
}

/** `now`, or `12 s ago`; the moment itself for readers who want that. */
export function ago(thenMs: number, nowMs: number): string {
  if (preferences.times === 'moments') return moment(new Date(thenMs).toISOString());
  return nowMs - thenMs < JUST_NOW_MS ? 'now' : `${age(thenMs, nowMs)} ago`;
}

/** A moment in the reader's time zone: `2026-11-21 09:05`. */
export function moment(iso: Maybe<string>): string {
  if (!iso) return NONE;
  return `${day(iso)} ${timeOfDay(new Date(iso), false)}`;
}

/** `09:05:32` in the reader's time zone; `9:05:32 am` where twelve hours are a day's half. */
export function clockTime(ms: number): string {
  return timeOfDay(new Date(ms), true);
}

function timeOfDay(date: Date, withSeconds: boolean): string {
  const [hour, rest] = [date.getHours(), [date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])].map(two)];
  if (preferences.hours === 24) return [two(hour), ...rest].join(':');
  return `${[hour % 12 || 12, ...rest].join(':')} ${hour < 12 ? 'am' : 'pm'}`;
}

/** The reader's time zone, with what it is ahead of UTC now: `Europe/Berlin, UTC+1`. */
export function zone(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const ahead = `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${two(rest)}` : ''}`;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'UTC' ? timeZone : `${timeZone}, ${minutes ? ahead : 'UTC'}`;
}

/** A moment on an axis: `14:00` within a day, else `11-21`. */
export function momentOnAxis(ms: number, isWithinDay: boolean): string {
  return isWithinDay ? clockTime(ms).slice(0, 5) : dayOf(ms).slice(5);
}

/** A day in the reader's time zone, as date fields have it: `2026-11-21`. */
export function dayOf(ms: number): string {
  return day(new Date(ms).toISOString());
}

function day(iso: string): string {
  const date = new Date(iso);
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A share between 0 and 1 as a percentage: `100 %`, `0.4 %`. */
export function percent(share: Maybe<number>): string {
  if (share == null) return NONE;
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** A relative difference with its sign: `+12 %`, `−3.4 %`, `0 %`. */
export function difference(share: Maybe<number>): string {
  if (share == null) return NONE;
  const size = percent(Math.abs(share));
  return size === '0 %' ? size : `${share < 0 ? '−' : '+'}${size}`;
}

/** The interval of a relative difference: `−10.6 to −9.5 %`. */
export function differenceRange(low: Maybe<number>, high: Maybe<number>): string {
  if (low == null || high == null) return '';
  return `${difference(low).replace(/ %$/, '')} to ${difference(high)}`;
}

/** The start of a digest or a hash, as Ollama's own list shows it: twelve digits. */
export function digest(value: Maybe<string>): string {
  return value ? value.replace(/^sha256:/, '').slice(0, 12) : NONE;
}

/** A machine in a line: `AMD Ryzen 9 · 24 threads · 64 GB · RTX 4090 24 GB`; of a list or the whole of it. */
export function hardware(machine: Maybe<MachineSummary | HardwareSnapshot>): string {
  if (!machine) return 'hardware not told yet';
  if (!machine.known) return 'hardware unknown: Ollama runs on another machine';
  const parts = [
    machine.cpu && shortCpu(machine.cpu.model),
    machine.cpu && plural(machine.cpu.logical_cores, 'thread'),
    machine.memory_bytes && memory(machine.memory_bytes),
    gpuNames(machine),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Its GPUs with their memory: `2 × RTX 4090 24 GB · Arc A770 16 GB`; empty where it has none. */
export function gpuNames({ gpus }: MachineSummary | HardwareSnapshot): string {
  const named = gpus.map((gpu) => [shortGpu(gpu.name), gpu.memory_bytes && memory(gpu.memory_bytes)]);
  return repeated(named.map((gpu) => gpu.filter(Boolean).join(' '))).join(' · ');
}

function repeated(names: string[]): string[] {
  return [...new Set(names)].map((name) => {
    const times = names.filter((other) => other === name).length;
    return times > 1 ? `${times} × ${name}` : name;
  });
}

/** A processor without what all have in their names. */
export function shortCpu(model: string): string {
  return model
    .replace(/\((R|TM|C)\)/gi, '')
    .replace(/\s+(CPU|Processor)\b.*$/i, '')
    .replace(/\s+\d+-Core.*$/i, '')
    .replace(/\s+@.*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function shortGpu(name: string): string {
  return name.replace(/^(NVIDIA|AMD|Intel)\s+/i, '').replace(/^GeForce\s+/i, '');
}
