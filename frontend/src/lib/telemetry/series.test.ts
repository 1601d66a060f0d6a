import { describe, expect, it } from 'vitest';
import { meanStep, nearest, pointsOf, rangeOf, roundMoments } from './series';

describe('pointsOf', () => {
  it('leaves a gap where a value was not told', () => {
    expect(pointsOf([0, 1, 2], [5, null, 7])).toEqual([
      { x: 0, y: 5 },
      { x: 1, y: null },
      { x: 2, y: 7 },
    ]);
  });

  it('leaves none at a tick that came too soon after another to tell anything', () => {
    expect(pointsOf([0, 1, 1.05, 2], [5, 6, null, 7]).map(({ x, y }) => [x, y])).toEqual([
      [0, 5],
      [1, 6],
      [2, 7],
    ]);
  });
});

it('knows the mean time between two ticks', () => {
  expect(meanStep([0, 1, 1.5, 3])).toBe(1);
  expect(meanStep([4])).toBe(1);
});

it('tells the least and the most of what was told', () => {
  expect(rangeOf([null, 3, 1, null])).toEqual([1, 3]);
  expect(rangeOf([null])).toBeNull();
});

it.each([
  [-5, 0],
  [0.4, 0],
  [0.6, 1],
  [2.4, 2],
  [99, 3],
])('finds the tick nearest to %d s', (at, index) => {
  expect(nearest([0, 1, 2, 3], at)).toBe(index);
});

it('finds no tick where there is none', () => {
  expect(nearest([], 1)).toBe(-1);
});

it.each([
  [[0, 42], 6, [0, 10, 20, 30, 40]],
  [[-3, 61], 5, [0, 15, 30, 45, 60]],
  [[0, 7_300], 4, [0, 3_600, 7_200]],
] as const)('names round moments of %j, at most %d or one more', (domain, most, expected) => {
  expect(roundMoments([domain[0], domain[1]], most)).toEqual(expected);
});
