/** When samples were timed, on the axis of the telemetry. Pure functions. */
import type { Sample } from '$lib/api/types';
import { isCounted, isDisturbed } from '$lib/sample';
import { FLAG, type Word } from '$lib/words';

export type SpanKind = 'counted' | 'disturbed' | 'left_out' | 'warmup';

export interface Span {
  number: number;
  begin: number;
  end: number;
  kind: SpanKind;
  /** What makes it doubtful, in words. */
  note: string;
}

export interface Lane {
  workload: string;
  spans: Span[];
}

export const SPAN: Record<SpanKind, Word> = {
  counted: { glyph: 'dot', text: 'counted', tone: 'good' },
  disturbed: { glyph: 'warn', text: 'disturbed', tone: 'warn' },
  left_out: { glyph: 'ring', text: 'left out', tone: 'quiet' },
  warmup: { glyph: 'clock', text: 'warm-up', tone: 'quiet' },
};

/** A lane a workload, in the order first sampled; times in seconds since `startedAt`. */
export function lanesOf(samples: readonly Sample[], startedAt: string): Lane[] {
  const zero = Date.parse(startedAt);
  const lanes = new Map<string, Span[]>();
  for (const sample of [...samples].sort((a, b) => a.number - b.number)) {
    const spans = lanes.get(sample.workload) ?? [];
    spans.push(spanOf(sample, (Date.parse(sample.started_at) - zero) / 1_000));
    lanes.set(sample.workload, spans);
  }
  return [...lanes].map(([workload, spans]) => ({ workload, spans }));
}

function spanOf(sample: Sample, begin: number): Span {
  const { number, e2e_ms, ttft_ms, chunk_ms } = sample;
  const lasted = e2e_ms ?? chunk_ms?.at(-1) ?? ttft_ms ?? 0;
  const note = (sample.flags ?? []).map((flag) => FLAG[flag]).join(', ');
  return { number, begin, end: begin + lasted / 1_000, kind: kindOf(sample), note };
}

function kindOf(sample: Sample): SpanKind {
  if (sample.role === 'warmup') return 'warmup';
  if (isDisturbed(sample)) return 'disturbed';
  return isCounted(sample) ? 'counted' : 'left_out';
}

/** From the first to the last thing that is known, in seconds; never of no length. */
export function domainOf(times: readonly number[], lanes: readonly Lane[]): [number, number] {
  let [begin, end] = [Math.min(0, times[0] ?? 0), times.at(-1) ?? 0];
  for (const { spans } of lanes)
    for (const span of spans) [begin, end] = [Math.min(begin, span.begin), Math.max(end, span.end)];
  return [begin, Math.max(end, begin + 1)];
}

export interface Found {
  workload: string;
  span: Span;
}

/** The samples that were being timed at that moment. */
export function samplesAt(lanes: readonly Lane[], at: number): Found[] {
  return lanes.flatMap(({ workload, spans }) =>
    spans.filter((span) => span.begin <= at && at <= span.end).map((span) => ({ workload, span })),
  );
}

/** How many of each kind there are, those that there are. */
export function countsOf(lanes: readonly Lane[]): [SpanKind, number][] {
  const all = lanes.flatMap(({ spans }) => spans);
  return (Object.keys(SPAN) as SpanKind[]).flatMap((kind) => {
    const times = all.filter((span) => span.kind === kind).length;
    return times ? [[kind, times] as [SpanKind, number]] : [];
  });
}
