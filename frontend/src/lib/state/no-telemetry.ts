/** Why a result has no telemetry. Pure functions. */
import type { ResultDetail } from '$lib/api/types';

export interface Why {
  title: string;
  text: string;
}

/** Why a result has no telemetry. */
export function whyNoTelemetry({ hardware, environment }: ResultDetail): Why {
  if (hardware && !hardware.known)
    return {
      title: 'Ollama ran on another machine than its client',
      text: 'Only that machine could tell what it did. Run obt-client there, and it is recorded.',
    };
  if (environment && !environment.machine && !environment.ollama_settings_source)
    return {
      title: 'This client did not record it',
      text: `obt-client ${environment.client_version} measured this. Newer ones record the machine while they measure.`,
    };
  return {
    title: 'None was recorded',
    text: 'The job ended before the first look at the machine, or OBT_TELEMETRY_INTERVAL_S is 0 on this client.',
  };
}
