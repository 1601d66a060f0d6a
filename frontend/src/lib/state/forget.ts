/** Under which name the palette keeps what was opened last. */
export const RECENT_KEY = 'obt-recent';

/** The names of clients and models are nobody else's. */
export function forgetRecents(): void {
  try {
    localStorage.removeItem(RECENT_KEY);
  } catch {
    // Nothing was kept.
  }
}
