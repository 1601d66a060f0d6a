/** What the shell does when a key or a button asks for it, and which of its dialogs is open. */
import { live } from '$lib/live.svelte';
import { preferences } from '$lib/preferences.svelte';
import type { Action } from '$lib/shortcuts';
import { theme } from './theme.svelte';

/** A page's search has this attribute; `/` leads there. */
const SEARCH = '[data-search]:not(:disabled)';

export class Shell {
  dialog = $state<'palette' | 'help' | null>(null);
  readonly #go: (href: string) => void;

  /** `go` leads to a page of the dashboard. */
  constructor(go: (href: string) => void) {
    this.#go = go;
  }

  /** Hear the keyboard, once what knows the keys has been fetched: asked for again at the next key if it did not come. */
  start(): () => void {
    let onKey: ((event: KeyboardEvent) => void) | null = null;
    let isGone = false;
    const learn = async (): Promise<void> => {
      const known = await Promise.all([import('$lib/shortcuts'), import('$lib/rows')]).catch(() => null);
      if (isGone) return;
      if (!known) return document.addEventListener('keydown', again, { once: true });
      const [{ Keyboard }, { moveInRows }] = known;
      const keyboard = new Keyboard();
      onKey = (event) => {
        const action = keyboard.hear(event, preferences.singleKeys);
        if (!action) return void moveInRows(event);
        event.preventDefault();
        this.do(action);
      };
      document.addEventListener('keydown', onKey);
    };
    const again = () => void learn();
    again();
    return () => {
      isGone = true;
      document.removeEventListener('keydown', again);
      if (onKey) document.removeEventListener('keydown', onKey);
    };
  }

  do(action: Action): void {
    if (action.kind === 'go') this.#go(action.href);
    else if (action.kind === 'theme') theme.toggle();
    else if (action.kind === 'pause') this.pause();
    else if (action.kind === 'search') this.#search();
    else this.dialog = this.dialog === action.kind ? null : action.kind;
  }

  pause(): void {
    if (live.isPaused) live.resume();
    else if (live.connection !== 'closed') live.pause();
  }

  /** To the page's own search, or to that of everything where the page has none. */
  #search(): void {
    const fields = [...document.querySelectorAll<HTMLInputElement>(SEARCH)];
    const field = fields.find((each) => each.getClientRects().length > 0);
    if (!field) this.dialog = 'palette';
    field?.focus();
    field?.select();
  }
}
