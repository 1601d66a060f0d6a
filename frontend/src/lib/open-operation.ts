/** Whether an operation is under way: apart from the words, which pages that only count them need not fetch. */
import type { OperationStatus } from './api/types';

export function isOpen(status: OperationStatus): boolean {
  return status === 'queued' || status === 'running';
}
