/** A comparison as a flat table: a row for each result and metric. */
import type { ComparisonView } from '$lib/api/types';
import type { ExportColumn } from '$lib/export/table';
import { figureRows, metricRows } from './rows';
import type { Subject } from './subjects';
import { VERDICT } from './words';

export interface ExportRow {
  subject: Subject;
  workload: string | null;
  metric: string;
  median: number | null;
  low: number | null;
  high: number | null;
  n: number | null;
  relative: number | null;
  relativeLow: number | null;
  relativeHigh: number | null;
  verdict: string | null;
}

/** Every metric, the further ones too. */
export function tableRows(view: ComparisonView, subjects: readonly Subject[]): ExportRow[] {
  const metrics = metricRows(view.results, view.pairs, true);
  const figures = figureRows(view.results, view.pairs);
  return subjects.flatMap((subject) => [
    ...metrics.flatMap(({ workload, metric, cells }): ExportRow[] => {
      const cell = cells.find(({ id }) => id === subject.id);
      if (!cell?.estimate) return [];
      const { estimate, line } = cell;
      return [
        {
          subject,
          workload,
          metric,
          median: estimate.median,
          low: estimate.low,
          high: estimate.high,
          n: estimate.n,
          relative: line?.relative ?? null,
          relativeLow: line?.low ?? null,
          relativeHigh: line?.high ?? null,
          verdict: line ? VERDICT[line.verdict].text : null,
        },
      ];
    }),
    ...figures.flatMap(({ workload, code, cells }): ExportRow[] => {
      const cell = cells.find(({ id }) => id === subject.id);
      if (cell?.value == null) return [];
      const none = { low: null, high: null, n: null, relativeLow: null, relativeHigh: null, verdict: null };
      return [{ subject, workload, metric: code, median: cell.value, relative: cell.line?.relative ?? null, ...none }];
    }),
  ]);
}

export function tableColumns(): ExportColumn<ExportRow>[] {
  return [
    { name: 'Result', value: ({ subject }) => subject.id },
    { name: 'Model', value: ({ subject }) => subject.model },
    { name: 'Client', value: ({ subject }) => subject.client },
    { name: 'Quantization', value: ({ subject }) => subject.quantization },
    { name: 'Baseline', value: ({ subject }) => (subject.isBaseline ? 'yes' : 'no') },
    { name: 'Workload', value: ({ workload }) => workload },
    { name: 'Metric, unit in its name', value: ({ metric }) => metric },
    { name: 'Median', value: ({ median }) => median },
    { name: 'Low, 95 %', value: ({ low }) => low },
    { name: 'High, 95 %', value: ({ high }) => high },
    { name: 'Samples', value: ({ n }) => n },
    { name: 'Difference, share of the baseline', value: ({ relative }) => relative },
    { name: 'Difference low, 95 %', value: ({ relativeLow }) => relativeLow },
    { name: 'Difference high, 95 %', value: ({ relativeHigh }) => relativeHigh },
    { name: 'Verdict', value: ({ verdict }) => verdict },
  ];
}
