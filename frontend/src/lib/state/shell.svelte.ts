/** What the shell does when a key or a button asks for it, and which of its dialogs is open. */
import { live } from '$lib/live.svelte';
import { preferences } from '$lib/preferences.svelte';
import { moveInRows } from '$lib/rows';
import { Keyboard, type Action } from '$lib/shortcuts';
import { theme } from './theme.svelte';

/** A page's search has this attribute; `/` leads there. */
const SEARCH = '[data-search]:not(:disabled)';

export class Shell {
  dialog = $state<'palette' | 'help' | null>(null);
  readonly #keyboard = new Keyboard();
  readonly #go: (href: string) => void;

  /** `go` leads to a page of the dashboard. */
  constructor(go: (href: string) => void) {
    this.#go = go;
  }

  /** Hear the keyboard. Returns its own clean-up. */
  start(): () => void {
    const onKey = (event: KeyboardEvent) => this.hear(event);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }

  hear(event: KeyboardEvent): void {
    const action = this.#keyboard.hear(event, preferences.singleKeys);
    if (action) event.preventDefault();
    if (action) this.do(action);
    else moveInRows(event);
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
