/** When the part of a page that is fetched apart from it is wanted. */

/** What somebody does who begins to use a page; a reader of screens moves the focus or presses keys. */
const SIGNS = ['pointermove', 'pointerdown', 'touchstart', 'wheel', 'keydown', 'focusin', 'beforeprint'];
/** Fetched before it is in sight: so far below what is. */
const AHEAD = '400px';
/** Nothing waits for longer, whatever is seen or done: not every reader of screens makes itself known. */
const LATEST_MS = 3_000;

let isUsed = false;

/**
 * Call `then` once: when `place` comes near what is in sight, as soon as somebody begins to use the page, and at the
 * latest some seconds after: a search in it, a reader of screens and a printer find all of it. Returns its own clean-up.
 */
export function onceWanted(place: Element, then: () => void): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer =
    'IntersectionObserver' in globalThis
      ? new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && now(), {
          rootMargin: AHEAD,
        })
      : null;
  const used = () => {
    isUsed = true;
    now();
  };
  function stop(): void {
    isOver = true;
    observer?.disconnect();
    clearTimeout(timer);
    SIGNS.forEach((sign) => removeEventListener(sign, used));
  }
  function now(): void {
    if (isOver) return;
    stop();
    then();
  }

  if (isUsed || !observer) now();
  else {
    observer.observe(place);
    timer = setTimeout(now, LATEST_MS);
    SIGNS.forEach((sign) => addEventListener(sign, used, { passive: true }));
  }
  return stop;
}
