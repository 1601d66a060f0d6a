/** Operations on models in words and sums. Pure functions. */
import type { OperationKind, OperationSkipReason, OperationStatus, OperationView } from './api/types';
import { isOpen } from './open-operation';
import type { Word } from './words';

export const OPERATION: Record<OperationStatus, Word> = {
  queued: { glyph: 'clock', text: 'waits', tone: 'quiet' },
  running: { glyph: 'work', text: 'running', tone: 'busy' },
  completed: { glyph: 'check', text: 'done', tone: 'good' },
  failed: { glyph: 'cross', text: 'failed', tone: 'bad' },
  cancelled: { glyph: 'stop', text: 'cancelled', tone: 'quiet' },
  skipped: { glyph: 'skip', text: 'not done', tone: 'warn' },
  lost: { glyph: 'warn', text: 'lost', tone: 'warn' },
};

export interface KindWord {
  /** What one asks for. */
  name: string;
  /** What it does now. */
  doing: string;
  done: string;
}

export const KIND: Record<OperationKind, KindWord> = {
  pull: { name: 'Pull', doing: 'pulling', done: 'pulled' },
  delete: { name: 'Delete', doing: 'deleting', done: 'deleted' },
  load: { name: 'Load', doing: 'loading', done: 'loaded' },
  unload: { name: 'Unload', doing: 'unloading', done: 'unloaded' },
  copy: { name: 'Copy', doing: 'copying', done: 'copied' },
};
export const KINDS = Object.keys(KIND) as OperationKind[];

const SKIP: Record<OperationSkipReason, string> = {
  not_allowed: 'The owner of this machine does not allow it.',
  offline: 'The client was offline for too long.',
  not_installed: 'The model is not installed there.',
  cloud_model: 'The model runs in a cloud: nothing is ever sent there.',
  client_outdated: 'The client is too old for operations: upgrade it.',
};

/** What to do about an error, beside what was said of it. */
const ADVICE: Record<string, string> = {
  no_space: 'Make room on that machine, then retry: a pull goes on where it was.',
  unknown_model: 'Look for the right name and tag: the registry has no such model.',
  ollama_gone: 'Start Ollama on that machine, then retry.',
  registry_unreachable: 'See whether that machine reaches the registry, then retry.',
  model_stays_loaded: 'Something there keeps using the model. Retry when it is quiet.',
  not_allowed: 'Its owner allows it with a setting on that machine; no server can.',
  client_stopped: 'Its client was stopped meanwhile: retry when it is back.',
  lease_expired: 'The client was not heard of any more. It may still tell how it ended.',
};

/** Whether asking for the same once more makes sense. */
export function canRetry(status: OperationStatus): boolean {
  return status === 'failed' || status === 'cancelled' || status === 'skipped' || status === 'lost';
}

/** Why it was not done, in a sentence or two; '' where nothing went wrong. */
export function whyNot(operation: OperationView): string {
  if (operation.error) return operation.error.message;
  return operation.skip_reason ? SKIP[operation.skip_reason] : '';
}

/** What to do about it; '' where what was said says it. */
export function adviceFor(operation: OperationView): string {
  if (!operation.error || operation.status === 'skipped') return '';
  return ADVICE[operation.error.code] ?? '';
}

/** `llama3.2:3b`, and of a copy what it becomes. */
export function subjectOf({ operation }: OperationView): string {
  return operation.kind === 'copy' ? `${operation.model} to ${operation.to}` : operation.model;
}

/** How much of it is done, between 0 and 1; null where nobody can tell. */
export function shareOf({ status, progress }: OperationView): number | null {
  if (status === 'completed') return 1;
  if (!progress?.total_bytes || progress.done_bytes == null) return null;
  return Math.min(1, progress.done_bytes / progress.total_bytes);
}

/** What is left at the speed of the last seconds, in seconds; null where nobody can tell. */
export function leftSeconds({ progress }: OperationView): number | null {
  if (!progress?.total_bytes || progress.done_bytes == null || !progress.bytes_per_s) return null;
  return Math.max(0, progress.total_bytes - progress.done_bytes) / progress.bytes_per_s;
}

export interface Batch {
  id: string;
  kind: OperationKind;
  asked_by: string;
  created_at: string;
  operations: OperationView[];
  counts: Partial<Record<OperationStatus, number>>;
  ended: number;
  models: string[];
  clients: string[];
  done_bytes: number;
  /** Of those that told their size; 0: none did. */
  total_bytes: number;
  bytes_per_s: number;
}

/** Put what was asked for together into batches, in the order in which they come. */
export function batchesOf(operations: readonly OperationView[]): Batch[] {
  const byId = new Map<string, OperationView[]>();
  for (const one of operations) {
    const own = byId.get(one.batch_id);
    if (own) own.push(one);
    else byId.set(one.batch_id, [one]);
  }
  return [...byId].flatMap(([id, own]) => (own[0] ? [summed(id, own, own[0])] : []));
}

function summed(id: string, operations: OperationView[], first: OperationView): Batch {
  const sum = (pick: (one: OperationView) => number | null | undefined) =>
    operations.reduce((total, one) => total + (pick(one) ?? 0), 0);
  const counts: Batch['counts'] = {};
  for (const { status } of operations) counts[status] = (counts[status] ?? 0) + 1;
  return {
    id,
    kind: first.kind,
    asked_by: first.asked_by,
    created_at: first.created_at,
    operations,
    counts,
    ended: operations.filter(({ status }) => !isOpen(status)).length,
    models: [...new Set(operations.map(({ model }) => model))],
    clients: [...new Set(operations.map(({ client_name }) => client_name))],
    done_bytes: sum(({ progress }) => progress?.done_bytes),
    total_bytes: sum(({ progress }) => progress?.total_bytes),
    bytes_per_s: sum(({ status, progress }) => (status === 'running' ? progress?.bytes_per_s : 0)),
  };
}
