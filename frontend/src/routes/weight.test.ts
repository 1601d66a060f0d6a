/**
 * What a page may weigh before it begins: its JavaScript, gzipped, as the last build made it. Charts are not in it: they
 * come after the figures that they draw, and only where there is something to draw.
 */
import { describe, expect, it } from 'vitest';
import { isBuilt, weights } from '../../scripts/weight.js';

/** The most that any page may weigh. */
const MOST_BYTES = 70_000;
/** Pages that are lighter stay so. */
const LIGHTER: Record<string, number> = {
  '/sign-in': 57_000,
  '/settings': 60_000,
  '/benchmarks': 61_000,
  '/audit': 62_000,
  '/people': 63_000,
  '/operations': 65_000,
  '/compare': 66_000,
  '/help': 66_000,
  '/clients': 67_000,
  '/help/measuring': 68_000,
  '/trends': 68_000,
};

describe.skipIf(!isBuilt())('the first JavaScript (skipped where nothing was built: pnpm run build)', () => {
  const all = isBuilt() ? weights() : [];

  it('is known of every page', () => {
    expect(all.length).toBeGreaterThan(0);
    expect(all.map(({ route }) => route)).toEqual(expect.arrayContaining(Object.keys(LIGHTER)));
  });

  it.each(all)('of $route is within its budget', ({ route, first_bytes }) => {
    expect(first_bytes).toBeGreaterThan(0);
    expect(first_bytes).toBeLessThanOrEqual(LIGHTER[route] ?? MOST_BYTES);
  });

  it('holds no chart', () => {
    const drawn = all.filter(({ charts_bytes }) => charts_bytes > 0).map(({ route }) => route);
    expect(drawn).toEqual(expect.arrayContaining(['/benchmarks/[id]', '/compare', '/results/[id]', '/trends']));
  });
});
