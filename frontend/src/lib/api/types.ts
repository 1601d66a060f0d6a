/** Short names for what the server sends, all generated from its OpenAPI. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type ClientView = Schemas['ClientView'];
export type Condition = Schemas['Condition'];
export type CreatedEnrolmentToken = Schemas['CreatedEnrolmentToken'];
export type DetectionNote = Schemas['DetectionNote'];
export type Downloads = Schemas['Downloads'];
export type EnergyUse = Schemas['EnergyUse'];
export type Environment = Schemas['Environment'];
export type Estimate = Schemas['Estimate'];
export type Flag = Schemas['Flag'];
export type Gpu = Schemas['Gpu'];
export type GpuEnvironment = Schemas['GpuEnvironment'];
export type Grade = Schemas['Grade'];
export type HardwareRecord = Schemas['HardwareRecord'];
export type HardwareSnapshot = Schemas['HardwareSnapshot'];
export type Headline = Partial<Record<Metric, Estimate>>;
export type InstallLines = Schemas['InstallLines'];
export type JobStatus = Schemas['JobStatus'];
export type JobView = Schemas['JobView'];
export type MachineEnvironment = Schemas['MachineEnvironment'];
export type Metric = Schemas['Metric'];
export type ModelOnClient = Schemas['ModelOnClient'];
export type Npu = Schemas['Npu'];
export type OwnError = Schemas['OwnError'];
export type Power = Schemas['Power'];
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
export type System = Schemas['System'];
export type Telemetry = Schemas['Telemetry'];
export type VersionState = Schemas['VersionState'];
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
