/** One clock for every age on the page. */
const TICK_MS = 1_000;

class Clock {
  /** Now, in ms since 1970, to the second. */
  now = $state(Date.now());

  start(): () => void {
    this.now = Date.now();
    const timer = setInterval(() => (this.now = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
