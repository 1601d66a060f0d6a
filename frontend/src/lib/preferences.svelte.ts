/** How this browser likes it: kept in its storage alone. Knows nobody, so that text and socket may ask it. */
const KEY = 'obt-preferences';

/** How often changes reach the page, at most, in ms. */
export const LIVE_RATES_MS = [250, 1_000, 5_000] as const;

interface Kept {
  liveRateMs: number;
  /** `compact` puts more rows on a screen. */
  density: 'usual' | 'compact';
  hours: 24 | 12;
  /** Whether lists tell how long ago something was, or when. */
  times: 'ages' | 'moments';
  /** Whether single keys do something: who talks to the computer, or hits keys by accident, wants them off. */
  singleKeys: boolean;
}

const USUAL: Kept = { liveRateMs: LIVE_RATES_MS[0], density: 'usual', hours: 24, times: 'ages', singleKeys: true };
const KNOWN: { [Name in keyof Kept]: readonly Kept[Name][] } = {
  liveRateMs: LIVE_RATES_MS,
  density: ['usual', 'compact'],
  hours: [24, 12],
  times: ['ages', 'moments'],
  singleKeys: [true, false],
};

export class Preferences {
  #kept = $state.raw<Kept>(USUAL);

  /** Read what was kept; follow what another tab changes. Returns its own clean-up. */
  start(): () => void {
    this.#read();
    const onStorage = (event: StorageEvent) => event.key === KEY && this.#read();
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }

  get liveRateMs(): number {
    return this.#kept.liveRateMs;
  }

  get density(): Kept['density'] {
    return this.#kept.density;
  }

  get hours(): Kept['hours'] {
    return this.#kept.hours;
  }

  get times(): Kept['times'] {
    return this.#kept.times;
  }

  get singleKeys(): boolean {
    return this.#kept.singleKeys;
  }

  set<Name extends keyof Kept>(name: Name, value: Kept[Name]): void {
    this.#kept = { ...this.#kept, [name]: value };
    this.#show();
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // A browser that keeps nothing forgets it with the page.
    }
  }

  #read(): void {
    this.#kept = kept();
    this.#show();
  }

  #show(): void {
    document.documentElement.dataset.density = this.#kept.density;
  }
}

/** What was kept, and the usual where it was not, or is not understood. */
function kept(): Kept {
  try {
    const told = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    const isKnown = ([name, value]: [string, unknown]) =>
      (KNOWN as Partial<Record<string, readonly unknown[]>>)[name]?.includes(value);
    return { ...USUAL, ...Object.fromEntries(Object.entries(told).filter(isKnown)) };
  } catch {
    return USUAL;
  }
}

export const preferences = new Preferences();
