import '@testing-library/jest-dom/vitest';

/** jsdom lays nothing out: there is never a size to tell of. */
class NoLayout implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoLayout;
