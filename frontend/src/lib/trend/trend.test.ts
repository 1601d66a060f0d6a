import { describe, expect, it } from 'vitest';
import { aPoint, aSeries, aTrend, anEvent } from '$lib/testing/comparisons';
import { momentsBetween, isWithinDay } from '$lib/charts/time-axis';
import { trendColumns, trendRows } from './export';
import { flagPlaces, flagsOf, lineOf, wholeOf, within } from './lines';

const DAY = 86_400_000;

describe('a line', () => {
  it('goes from the oldest to the newest, with gaps where nothing was measured', () => {
    const trend = aTrend({ points: [aPoint(21), aPoint(20, { headline: {} }), aPoint(19)] });
    const line = lineOf('key', trend, 'decode_tokens_per_s', 8);
    expect(line.points.map(({ id, estimate }) => [id, estimate?.median ?? null])).toEqual([
      ['result-19', 81],
      ['result-20', null],
      ['result-21', 79],
    ]);
    expect([line.colour, line.name]).toEqual([2, 'llama3.2:3b · attic · quick']);
  });

  it('is given away with what was not measured as nothing', () => {
    const line = lineOf('key', aTrend({ points: [aPoint(21, { headline: {} })] }), 'ttft_ms', 0);
    const [row] = trendRows([line]);
    const told = trendColumns('ttft_ms').map(({ name, value }) => [name, row && value(row)]);
    expect(told).toContainEqual(['Time to first token, ms', null]);
    expect(told).toContainEqual(['Ended', '2026-11-21T09:00:00.000Z']);
  });

  it('is seen whole with room at both ends, a single point in its day', () => {
    const [from, to] = wholeOf([lineOf('key', aTrend(), 'ttft_ms', 0)]);
    expect(to - from).toBeGreaterThan(2 * DAY);
    expect(within([from, to], Date.parse('2026-11-19T09:00:00Z'))).toBe(true);
    const [begin, end] = wholeOf([lineOf('key', aTrend({ points: [aPoint(21)] }), 'ttft_ms', 0)]);
    expect(end - begin).toBe(DAY);
  });
});

describe('flags', () => {
  it('join what changed with one result', () => {
    const trend = aTrend({
      events: [anEvent(20), anEvent(20, { code: 'machine_kernel', before: '6.1', after: '6.12' })],
    });
    expect(flagsOf([trend]).map(({ words, result_id }) => [words, result_id])).toEqual([
      [['Ollama 0.9.3 → 0.12.1', 'Kernel 6.1 → 6.12'], 'result-20'],
    ]);
  });

  it('stand once for what two series of a client saw, where it was seen first', () => {
    const other = aTrend({ series: aSeries({ model: 'b' }), events: [anEvent(19)] });
    const flags = flagsOf([aTrend(), other]);
    expect(flags.map(({ at, colours }) => [new Date(at).getUTCDate(), colours])).toEqual([[19, [2, 1]]]);
    const elsewhere = aTrend({ series: aSeries({ client_id: 'cellar-1' }), events: [anEvent(19)] });
    expect(flagsOf([aTrend(), elsewhere])).toHaveLength(2);
  });

  it('stand twice for what happened twice', () => {
    const back = anEvent(20, { before: '0.12.1', after: '0.9.3' });
    expect(flagsOf([aTrend({ events: [anEvent(21), back, anEvent(19)] })])).toHaveLength(3);
  });

  it('are written where there is room, the newest first', () => {
    const days = [1, 2, 3, 4, 5];
    const flags = flagsOf([
      aTrend({ events: days.map((day) => anEvent(day, { before: `0.${day}`, after: `0.${day + 1}` })) }),
    ]);
    const x = (at: number) => new Date(at).getUTCDate() * 10;
    const places = flagPlaces(flags, x, 500);
    expect(places.map(({ row }) => row)).toEqual([0, 1, 2, null, null]);
    const [last] = flagPlaces(flags, (at) => 200 + x(at), 260);
    expect([last?.row, last?.anchor]).toEqual([0, 'end']);
    expect(flagPlaces(flags, x, 60)[0]?.row).toBeNull();
    expect(flagPlaces(flags, (at) => x(at) * 20, 5_000).every(({ row }) => row === 0)).toBe(true);
  });
});

describe('an axis of time', () => {
  it.each([
    [1, 8],
    [40, 8],
    [400, 6],
  ])('of %i days has at most %i marks, each at midnight or a round hour', (days, most) => {
    const from = Date.parse('2026-03-20T05:17:00Z');
    const marks = momentsBetween(from, from + days * DAY, most);
    expect(marks.at.length).toBeGreaterThan(2);
    expect(marks.at.length).toBeLessThanOrEqual(most + 1);
    expect(marks.at.every((at) => new Date(at).getMinutes() === 0)).toBe(true);
    if (!isWithinDay(marks)) expect(marks.at.every((at) => new Date(at).getHours() === 0)).toBe(true);
  });
});
