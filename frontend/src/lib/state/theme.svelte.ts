/** Dark unless the reader chose light; `static/theme.js` applies the choice before the first paint. */
const KEY = 'obt-theme';

export type ThemeName = 'dark' | 'light';

class Theme {
  name = $state<ThemeName>('dark');

  /** Take over what the page was painted with. */
  start(): void {
    this.name = document.documentElement.classList.contains('dark') ? 'dark' : 'light';
  }

  toggle(): void {
    this.name = this.name === 'dark' ? 'light' : 'dark';
    document.documentElement.classList.toggle('dark', this.name === 'dark');
    try {
      localStorage.setItem(KEY, this.name);
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
  }
}

export const theme = new Theme();
