import '@testing-library/jest-dom/vitest';

/** jsdom lays nothing out: there is never a size to tell of. */
class NoLayout implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= NoLayout;

/** jsdom has no canvas: a context that takes every stroke and draws none. */
HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
  const draws = (_: object, name: string | symbol) =>
    name === 'canvas' ? this : name === 'measureText' ? () => ({ width: 10 }) : () => undefined;
  return new Proxy({}, { get: draws, set: () => true });
} as unknown as HTMLCanvasElement['getContext'];

/** jsdom has no modal dialogs: these open and close, and keep nothing else from being reached. */
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
