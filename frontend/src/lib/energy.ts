/** Joules of a workload in words. Pure functions. */
import type { EnergyUse, ResultDetail } from './api/types';
import { deviceName } from './telemetry/tracks';

/** How it is known. */
export function sourceWords({ source }: EnergyUse): string {
  return source === 'counter' ? 'counted by the devices' : 'summed from the power at each moment';
}

/** Whose joules they are. `gpus`: how many the machine has. */
export function devicesWords({ devices }: EnergyUse, gpus: number): string {
  return devices.map((device) => deviceName(device, gpus)).join(', ');
}

export interface Told {
  workload: string;
  energy: EnergyUse;
}

/** Of each workload that told any, in the suite's order. */
export function energiesOf({ summary }: ResultDetail): Told[] {
  return summary.workloads.flatMap(({ workload, energy }) => (energy ? [{ workload, energy }] : []));
}

/** The one that stands at the head: of the first workload that measured a decode rate with the model in memory. */
export function headEnergy(result: ResultDetail): Told | null {
  const told = energiesOf(result);
  const measured = result.summary.workloads.filter(({ metrics }) => metrics.decode_tokens_per_s);
  return told.find(({ workload }) => measured.some((each) => each.workload === workload)) ?? told[0] ?? null;
}
