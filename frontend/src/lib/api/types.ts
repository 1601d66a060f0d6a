/** Short names for what the server sends, all generated from its OpenAPI. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type ClientView = Schemas['ClientView'];
export type CreatedEnrolmentToken = Schemas['CreatedEnrolmentToken'];
export type Estimate = Schemas['Estimate'];
export type Environment = Schemas['Environment'];
export type Flag = Schemas['Flag'];
export type Grade = Schemas['Grade'];
export type HardwareSnapshot = Schemas['HardwareSnapshot'];
export type Headline = Partial<Record<Metric, Estimate>>;
export type JobStatus = Schemas['JobStatus'];
export type JobView = Schemas['JobView'];
export type Metric = Schemas['Metric'];
export type ModelOnClient = Schemas['ModelOnClient'];
export type OwnError = Schemas['OwnError'];
export type Presence = Schemas['Presence'];
export type ResultDetail = Schemas['ResultDetail'];
export type ResultView = Schemas['ResultView'];
export type Sample = Schemas['Sample'];
export type SessionDetail = Schemas['SessionDetail'];
export type SessionState = Schemas['SessionState'];
export type SessionView = Schemas['SessionView'];
export type SkipReason = Schemas['SkipReason'];
export type Suite = Schemas['Suite'];
export type SuiteView = Schemas['SuiteView'];
export type Workload = Schemas['Workload'];
export type WorkloadSummary = Schemas['WorkloadSummary'];

export type LiveEvent =
  | Schemas['Snapshot']
  | Schemas['ClientChanged']
  | Schemas['ClientRemoved']
  | Schemas['ModelsChanged']
  | Schemas['JobChanged']
  | Schemas['SessionChanged']
  | Schemas['ResultAdded']
  | Schemas['Resync'];
