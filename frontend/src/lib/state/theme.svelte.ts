/** Dark or light: as the system is, unless the reader chose. `app.html` applies it before the first paint. */
const KEY = 'obt-theme';
const DARK = '(prefers-color-scheme: dark)';

export type ThemeName = 'dark' | 'light';
export type ThemeChoice = ThemeName | 'system';

export class Theme {
  choice = $state<ThemeChoice>('system');
  #system = $state<ThemeName>('dark');
  /** What is shown. */
  readonly name = $derived(this.choice === 'system' ? this.#system : this.choice);

  /** Take over what the page was painted with, and follow the system. Returns its own clean-up. */
  start(): () => void {
    const system = matchMedia(DARK);
    const follow = () => {
      this.#system = system.matches ? 'dark' : 'light';
      this.#show();
    };
    this.choice = chosen();
    follow();
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    this.#show();
    try {
      if (choice === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, choice);
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
  }

  /** The other one, from now on. */
  toggle(): void {
    this.choose(this.name === 'dark' ? 'light' : 'dark');
  }

  #show(): void {
    document.documentElement.classList.toggle('dark', this.name === 'dark');
  }
}

function chosen(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'dark' || kept === 'light' ? kept : 'system';
  } catch {
    return 'system';
  }
}

export const theme = new Theme();
