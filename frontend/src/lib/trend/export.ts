/** Trends as a flat table: a row a result. */
import type { Metric } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';
import { METRIC } from '$lib/words';
import type { Line, Point } from './lines';

export interface TrendRow {
  line: Line;
  point: Point;
}

export const trendRows = (lines: readonly Line[]): TrendRow[] =>
  lines.flatMap((line) => line.points.map((point) => ({ line, point })));

export function trendColumns(metric: Metric): ExportColumn<TrendRow>[] {
  const { long, unit } = METRIC[metric];
  return [
    { name: 'Series', value: ({ line }) => line.name },
    { name: 'Result', value: ({ point }) => point.id },
    { name: 'Ended', value: ({ point }) => new Date(point.at).toISOString() },
    { name: `${long}, ${unit}`, value: ({ point }) => point.estimate?.median ?? null },
    { name: 'Low, 95 %', value: ({ point }) => point.estimate?.low ?? null },
    { name: 'High, 95 %', value: ({ point }) => point.estimate?.high ?? null },
    { name: 'Samples', value: ({ point }) => point.estimate?.n ?? null },
    { name: 'Grade', value: ({ point }) => point.grade },
  ];
}
