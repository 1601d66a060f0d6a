/** Short names for what the server sends, all generated from its OpenAPI. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Again = Schemas['Again'];
export type Allowed = Schemas['Allowed'];
export type ApiKeyView = Schemas['ApiKeyView'];
export type AuditEntry = Schemas['AuditEntry'];
export type AuthState = Schemas['AuthState'];
export type BrowserSessionView = Schemas['BrowserSessionView'];
export type ClientDetail = Schemas['ClientDetail'];
export type ClientView = Schemas['ClientView'];
export type ComparedResult = Schemas['ComparedResult'];
export type ComparisonLine = Schemas['ComparisonLine'];
export type ComparisonView = Schemas['ComparisonView'];
export type Condition = Schemas['Condition'];
export type CreatedApiKey = Schemas['CreatedApiKey'];
export type CreatedEnrolmentToken = Schemas['CreatedEnrolmentToken'];
export type DetectionNote = Schemas['DetectionNote'];
export type Downloads = Schemas['Downloads'];
export type EnrolmentTokenView = Schemas['EnrolmentTokenView'];
export type EnergyUse = Schemas['EnergyUse'];
export type Environment = Schemas['Environment'];
export type EnvironmentDifference = Schemas['EnvironmentDifference'];
export type Estimate = Schemas['Estimate'];
export type FigureCode = Schemas['FigureCode'];
export type FigureLine = Schemas['FigureLine'];
export type Fit = Schemas['Fit'];
export type FacetValue = Schemas['FacetValue'];
export type Flag = Schemas['Flag'];
export type Gpu = Schemas['Gpu'];
export type GpuEnvironment = Schemas['GpuEnvironment'];
export type Grade = Schemas['Grade'];
export type HardwareRecord = Schemas['HardwareRecord'];
export type HardwareSnapshot = Schemas['HardwareSnapshot'];
export type Headline = Partial<Record<Metric, Estimate>>;
export type InstallLines = Schemas['InstallLines'];
export type JobLog = Schemas['JobLog'];
export type JobStatus = Schemas['JobStatus'];
export type JobView = Schemas['JobView'];
export type LogEntry = Schemas['LogEntry'];
export type LogKind = Schemas['LogKind'];
export type LatestColumns = Schemas['LatestColumns'];
export type LatestResult = Schemas['LatestResult'];
export type MachineEnvironment = Schemas['MachineEnvironment'];
/** What a list shows of a machine; the whole of it can stand in its place. */
export type MachineSummary = Schemas['MachineSummary'];
export type Me = Schemas['Me'];
export type Metric = Schemas['Metric'];
export type Models = Schemas['Models'];
/** One model on one client: a row made of the server's `Models`. */
export type ModelOnClient = Omit<Schemas['ModelOnClients'], 'clients' | 'modified_at_s'> & {
  client_id: string;
  client_name: string;
  /** When its file was last changed, in seconds since 1970. */
  modified_at_s: number | null;
};
export type NewApiKey = Schemas['NewApiKey'];
export type NewEnrolmentToken = Schemas['NewEnrolmentToken'];
export type NewOperation = Schemas['NewOperation'];
export type NewPerson = Schemas['NewPerson'];
export type NewSession = Schemas['NewSession'];
export type Npu = Schemas['Npu'];
export type Obstacle = Schemas['Obstacle'];
export type OperationKind = Schemas['OperationKind'];
export type OperationSkipReason = Schemas['OperationSkipReason'];
export type OperationStatus = Schemas['OperationStatus'];
export type OperationView = Schemas['OperationView'];
export type OwnError = Schemas['OwnError'];
export type Pair = Schemas['Pair'];
export type Permission = Schemas['Permission'];
export type PersonChange = Schemas['PersonChange'];
export type PersonView = Schemas['PersonView'];
export type Placement = Schemas['Placement'];
export type PlannedClient = Schemas['PlannedClient'];
export type PlannedPair = Schemas['PlannedPair'];
export type Power = Schemas['Power'];
export type Presence = Schemas['Presence'];
export type PresenceChange = Schemas['PresenceChange'];
export type PresenceHistory = Schemas['PresenceHistory'];
export type PromptView = Schemas['PromptView'];
export type ResultDetail = Schemas['ResultDetail'];
export type ResultFacets = Schemas['ResultFacets'];
export type ResultView = Schemas['ResultView'];
export type Role = Schemas['Role'];
export type Sample = Schemas['Sample'];
export type SamplePoint = Schemas['SamplePoint'];
export type SampleValues = Schemas['SampleValues'];
export type SeriesView = Schemas['SeriesView'];
export type SessionDetail = Schemas['SessionDetail'];
export type SessionPlan = Schemas['SessionPlan'];
export type SessionState = Schemas['SessionState'];
export type SessionView = Schemas['SessionView'];
export type Setup = Schemas['Setup'];
export type SkipReason = Schemas['SkipReason'];
export type Stage = Schemas['Stage'];
export type Suite = Schemas['Suite'];
export type SuiteProblem = Schemas['SuiteProblem'];
export type SuiteView = Schemas['SuiteView'];
export type Summary = Schemas['Summary'];
export type System = Schemas['System'];
export type Telemetry = Schemas['Telemetry'];
export type ThroughputPoint = Schemas['ThroughputPoint'];
export type Trend = Schemas['Trend'];
export type TrendEvent = Schemas['TrendEvent'];
export type TrendPoint = Schemas['TrendPoint'];
export type VerdictCode = Schemas['VerdictCode'];
export type VersionState = Schemas['VersionState'];
export type WaitReason = Schemas['WaitReason'];
export type Workload = Schemas['Workload'];
export type WorkloadSummary = Schemas['WorkloadSummary'];

export type LiveEvent =
  | Schemas['Snapshot']
  | Schemas['SnapshotPart']
  | Schemas['ClientChanged']
  | Schemas['ClientRemoved']
  | Schemas['ModelsChanged']
  | Schemas['JobChanged']
  | Schemas['SessionChanged']
  | Schemas['ResultAdded']
  | Schemas['OperationChanged']
  | Schemas['Resync'];
