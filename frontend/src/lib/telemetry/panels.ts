/** A job's telemetry as panels of lines that share one axis of time. Pure functions. */
import type { HardwareSnapshot, Telemetry } from '$lib/api/types';
import { deviceName, ENERGY, KINDS, PLAIN, THROTTLE, type Kind, type TrackName, type Unit } from './tracks';
import { pointsOf, rangeOf, type Point, type Values } from './series';
import { slowedOf, type Slowed } from './throttle';

export interface Line {
  key: string;
  name: string;
  look: number;
  /** One a tick, in the panel's unit. */
  values: Values;
  points: readonly Point[];
  range: [number, number];
}

export interface Panel {
  key: string;
  title: string;
  unit: string;
  lines: Line[];
  /** The upper end of the scale; null where it follows what was measured. */
  most: number | null;
}

export interface Group {
  key: string;
  title: string;
  panels: Panel[];
  slowed: Slowed[];
}

interface Track {
  track: string;
  device: string | null;
  values: Values;
}

type Machine = HardwareSnapshot | null | undefined;
const MACHINE = 'machine';
const GB = 2 ** 30;

/** When each tick was taken, in seconds since the series began. */
export function timesOf(telemetry: Telemetry): number[] {
  return telemetry.ticks.map(({ at_ms }) => at_ms / 1_000);
}

/** The machine first, then each GPU. What was never told has no panel. */
export function groupsOf(telemetry: Telemetry, hardware: Machine): Group[] {
  const times = timesOf(telemetry);
  const tracks = tracksOf(telemetry);
  const keys = [...new Set([MACHINE, ...tracks.map(({ device }) => groupOf(device))])];
  const gpus = Math.max(hardware?.gpus.length ?? 0, keys.length - 1);
  return keys.map((key) => {
    const own = tracks.filter(({ device }) => groupOf(device) === key);
    const slowed = own
      .filter(({ track }) => track === THROTTLE)
      .flatMap(({ device, values }) => slowedOf(times, values, key === MACHINE ? deviceName(device) : ''));
    return { key, title: titleOf(key, hardware, gpus), panels: panelsOf(own, times, key, hardware), slowed };
  });
}

function groupOf(device: string | null): string {
  return device?.startsWith('gpu') ? device : MACHINE;
}

function titleOf(key: string, hardware: Machine, gpus: number): string {
  if (key === MACHINE) return 'Machine';
  const name = hardware?.gpus[Number(key.slice(3))]?.name;
  return [deviceName(key, gpus), name].filter(Boolean).join(': ');
}

/** Channels that told anything. */
function tracksOf({ channels, ticks }: Telemetry): Track[] {
  return channels
    .map(({ track, device }, index) => ({
      track,
      device: device ?? null,
      values: ticks.map((tick) => tick.values[index] ?? null),
    }))
    .filter(({ track, values }) => track !== ENERGY && values.some((value) => value !== null));
}

function panelsOf(tracks: readonly Track[], times: readonly number[], group: string, hardware: Machine): Panel[] {
  const known = KINDS.map((kind) => {
    const order = Object.keys(kind.tracks);
    const own = tracks.filter(({ track }) => track in kind.tracks);
    return panelOf(
      kind,
      own.sort((a, b) => order.indexOf(a.track) - order.indexOf(b.track)),
      times,
      group,
      hardware,
    );
  });
  return [
    ...known.filter((panel) => panel.lines.length),
    ...tracks.filter(isNew).map((track) => newPanel(track, times)),
  ];
}

function panelOf(
  kind: Kind,
  tracks: readonly Track[],
  times: readonly number[],
  group: string,
  hardware: Machine,
): Panel {
  const isOfParts = group === MACHINE && tracks.some(({ device }) => device);
  const lines = tracks.flatMap((track, index) => {
    const { name, look } = kind.tracks[track.track] as TrackName;
    const shown = isOfParts ? { name: partName(track, name, tracks), look: 1 + (index % 5) } : { name, look };
    return lineOf(track, shown, kind.unit, times);
  });
  const most = kind.most ?? installed(kind.key, group, hardware);
  return { key: `${group} ${kind.key}`, title: kind.title, unit: kind.unit.name, lines, most };
}

/** `processor`, or `processor, limit` where a device told several of the kind. */
function partName({ device }: Track, name: string, tracks: readonly Track[]): string {
  const isAlone = tracks.filter((other) => other.device === device).length === 1;
  return isAlone ? deviceName(device) : `${deviceName(device)}, ${name}`;
}

function lineOf(track: Track, { name, look }: TrackName, unit: Unit, times: readonly number[]): Line[] {
  const values = track.values.map((value) => (value === null ? null : value / unit.per));
  const range = rangeOf(values);
  const points = pointsOf(times, values);
  return range ? [{ key: `${track.device ?? MACHINE} ${track.track}`, name, look, values, points, range }] : [];
}

/** How much memory there is, in GB: what is in use is read against that. */
function installed(kind: string, group: string, hardware: Machine): number | null {
  if (kind === 'memory') return hardware?.memory_bytes ? hardware.memory_bytes / GB : null;
  const own = kind === 'vram' ? hardware?.gpus[Number(group.slice(3))]?.memory_bytes : null;
  return own ? own / GB : null;
}

function isNew({ track }: Track): boolean {
  return track !== THROTTLE && !KINDS.some((kind) => track in kind.tracks);
}

/** A track of a client that is newer than this page. */
function newPanel(track: Track, times: readonly number[]): Panel {
  const title = track.track.replaceAll('_', ' ');
  const lines = lineOf(track, { name: deviceName(track.device), look: 1 }, PLAIN, times);
  return { key: `${track.device ?? MACHINE} ${track.track}`, title, unit: '', lines, most: null };
}
