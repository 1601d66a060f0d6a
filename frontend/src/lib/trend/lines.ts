/** A series over time as it is drawn. Pure functions. */
import type { Estimate, Grade, Metric, SeriesView, Trend, TrendEvent } from '$lib/api/types';
import { changeWords, offloadWords } from '$lib/comparison/words';

export interface Point {
  id: string;
  /** When it ended, in ms since 1970. */
  at: number;
  grade: Grade;
  reasons: readonly string[];
  /** Null where the metric was not measured. */
  estimate: Estimate | null;
}

export interface Line {
  key: string;
  name: string;
  colour: number;
  /** Oldest first. */
  points: Point[];
}

export interface Flag {
  id: string;
  at: number;
  words: string[];
  /** The colours of the lines that saw it. */
  colours: number[];
  /** The first result that has it. */
  result_id: string | null;
  /** The series that begins here, where one does. */
  series: string | null;
}

const COLOURS = 7;

/** What names a series on a client in an address: the client is left out where the series alone was asked for. */
export function keyOf(series: Pick<SeriesView, 'series' | 'client_id'>): string {
  return `${series.series}~${series.client_id}`;
}

/** A series as a person calls it: what tells it from the others first. */
export function nameOf(series: SeriesView): string {
  return `${series.model} · ${series.client_name} · ${series.suite_name}`;
}

/** Where a series ran, beyond its name. */
export function detailOf(series: SeriesView): string {
  return [series.quantization, offloadWords(series.offload)].filter(Boolean).join(', ');
}

export function lineOf(key: string, trend: Trend, metric: Metric, index: number): Line {
  return {
    key,
    name: nameOf(trend.series),
    colour: colourOf(index),
    points: trend.points
      .map((point) => ({
        id: point.result_id,
        at: Date.parse(point.ended_at),
        grade: point.grade,
        reasons: point.reasons,
        estimate: point.headline[metric] ?? null,
      }))
      .reverse(),
  };
}

interface Change {
  at: number;
  client: string;
  words: string;
  colours: number[];
  event: TrendEvent;
}

/**
 * What happened, a flag a moment, oldest first. What several series of one client saw each with its next result
 * happened once: it stands where it was seen first.
 */
export function flagsOf(trends: readonly Trend[]): Flag[] {
  const seen = new Map<string, Change>();
  const changes: Change[] = [];
  const events = trends.flatMap((trend, index) =>
    trend.events.map((event) => ({ event, trend, colour: colourOf(index) })),
  );
  for (const { event, trend, colour } of events.sort((a, b) => Date.parse(a.event.at) - Date.parse(b.event.at))) {
    const words = changeWords(event.code, event.name, event.before, event.after);
    const key = `${trend.series.client_id}/${words}`;
    const known = seen.get(key);
    if (known && !known.colours.includes(colour)) known.colours.push(colour);
    else {
      const change = { at: Date.parse(event.at), client: trend.series.client_id, words, colours: [colour], event };
      seen.set(key, change);
      changes.push(change);
    }
  }
  return joined(changes);
}

function joined(changes: readonly Change[]): Flag[] {
  const flags = new Map<string, Flag>();
  for (const { at, client, words, colours, event } of changes) {
    const id = `${client}/${at}`;
    const known = flags.get(id);
    if (known) {
      known.words.push(words);
      known.colours = [...new Set([...known.colours, ...colours])];
      known.series ??= event.series;
    } else
      flags.set(id, {
        id,
        at,
        words: [words],
        colours: [...colours],
        result_id: event.result_id,
        series: event.series,
      });
  }
  return [...flags.values()];
}

const colourOf = (index: number) => (index % COLOURS) + 1;

export type Domain = readonly [number, number];

const DAY_MS = 86_400_000;

/** From the first to the last point, with a little room; a day around one point alone. */
export function wholeOf(lines: readonly Line[]): Domain {
  const moments = lines.flatMap(({ points }) => points.map(({ at }) => at));
  if (!moments.length) return [0, DAY_MS];
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const room = Math.max((last - first) * 0.03, last === first ? DAY_MS / 2 : 60_000);
  return [first - room, last + room];
}

export const within = ([from, to]: Domain, at: number): boolean => at >= from && at <= to;

export interface FlagPlace {
  flag: Flag;
  x: number;
  /** In which line of words; null where no words fit. */
  row: number | null;
  /** Words begin at the flag, or end there where the chart ends. */
  anchor: 'start' | 'end';
  text: string;
}

const LETTER_PX = 6;
const ROWS = 3;
const GAP_PX = 6;

/** Write each flag's words where there is room, the newest first: what happened last matters most. */
export function flagPlaces(flags: readonly Flag[], x: (at: number) => number, right: number): FlagPlace[] {
  const begins = Array.from({ length: ROWS }, () => Infinity);
  return flags.toReversed().map((flag) => {
    const text = flag.words.length > 1 ? `${flag.words[0]} +${flag.words.length - 1}` : (flag.words[0] ?? '');
    const [at, long] = [x(flag.at), text.length * LETTER_PX];
    const anchor = at + 4 + long > right ? 'end' : 'start';
    const begin = anchor === 'start' ? at + 4 : at - 4 - long;
    const row = begin < 0 ? -1 : begins.findIndex((taken) => begin + long + GAP_PX < taken);
    if (row >= 0) begins[row] = begin;
    return { flag, x: at, row: row >= 0 ? row : null, anchor, text };
  });
}
