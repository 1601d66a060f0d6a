/** Long work in pieces, so that between two of them the browser answers keys and taps, and paints. */

/** Work in pieces of about so long: on a phone four times slower than this machine a piece is still no long task. */
export const PIECE_MS = 8;

type Yields = { yield?: () => Promise<void> };

/** Wait until the browser has done what is due before the next piece. */
export function aTurn(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Yields };
  return scheduler?.yield ? scheduler.yield() : new Promise((done) => setTimeout(done));
}

let isAlive = false;

/** The page has come to life: what it was built with is there, and all else is drawn in turns from now on. */
export function comeToLife(): void {
  isAlive = true;
}

/** Whether a part is to be drawn with the page: it came with it, or the address names a place that may be inside. */
export function isDueAtOnce(): boolean {
  return !isAlive || location.hash !== '';
}

let last = Promise.resolve();

/** Wait until all who asked before had a turn, and have one. */
export function ownTurn(): Promise<void> {
  return (last = last.then(aTurn));
}

/**
 * Do `work` for each entry, in order, giving way every few milliseconds. Throws what it throws, and an AbortError once
 * nobody waits for it any more.
 */
export async function inPieces<Entry>(
  entries: Iterable<Entry>,
  work: (entry: Entry) => void,
  signal?: AbortSignal,
): Promise<void> {
  let until = performance.now() + PIECE_MS;
  for (const entry of entries) {
    work(entry);
    if (performance.now() < until) continue;
    await aTurn();
    signal?.throwIfAborted();
    until = performance.now() + PIECE_MS;
  }
}
