/** What happened to a job, in words. Pure functions. */
import type { LogEntry, LogKind } from '$lib/api/types';
import { count, plural } from '$lib/format';
import { FLAG, JOB, reason, SKIP, type Word } from '$lib/words';

/** What goes as it should is read, and draws no eye. */
const WORK: Word = { glyph: 'next', text: '', tone: 'quiet' };

export const LOG: Record<LogKind, Word> = {
  claimed: { ...WORK, text: 'given to its client' },
  preflight: { ...WORK, text: 'looks whether the machine is quiet' },
  warmup: { ...WORK, text: 'warms up' },
  sampling: { ...WORK, text: 'measures' },
  disturbed: { glyph: 'warn', text: 'disturbed', tone: 'warn' },
  lost: { glyph: 'warn', text: 'lost: its client went silent', tone: 'warn' },
  resumed: { ...WORK, text: 'found again, goes on' },
  completed: JOB.completed,
  failed: JOB.failed,
  cancelled: JOB.cancelled,
  skipped: JOB.skipped,
};

const NUMBERS_SHOWN = 8;

/** What is to be said beside the word: numbers, reasons, findings. Empty where the word says it all. */
export function detailWords({ kind, detail }: LogEntry): string {
  if (kind === 'disturbed') return `${samplesWords(detail.numbers)}: ${detail.flags.map((f) => FLAG[f]).join(', ')}`;
  if (kind === 'skipped' && detail.skip_reason) return detail.error?.message || SKIP[detail.skip_reason];
  const parts = [
    detail.error && (detail.error.message || reason(detail.error.code)),
    detail.workload,
    detail.samples != null && plural(detail.samples, 'sample'),
    ...detail.conditions.map(({ code, detail: more }) => (more ? `${reason(code)} (${more})` : reason(code))),
    ...detail.notes,
  ];
  return parts.filter(Boolean).join(' · ');
}

function samplesWords(numbers: readonly number[]): string {
  const shown = numbers.slice(0, NUMBERS_SHOWN).map((number) => `#${count(number)}`);
  const more = numbers.length > NUMBERS_SHOWN ? [`${count(numbers.length - NUMBERS_SHOWN)} more`] : [];
  return [...shown, ...more].join(', ');
}

/** Newest first, every entry once: what was fetched anew beside what is there. */
export function mergedLog(known: readonly LogEntry[], fetched: readonly LogEntry[]): LogEntry[] {
  const all = new Map([...known, ...fetched].map((entry) => [entry.id, entry]));
  return [...all.values()].sort((a, b) => b.id - a.id);
}
