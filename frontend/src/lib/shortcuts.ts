/** Every shortcut of the keyboard, in one table that the handler and the help read. */
import type { Permission } from './api/types';
import { isApple } from './keys';
import { PAGES } from './pages';

export type Action =
  | { kind: 'palette' }
  | { kind: 'help' }
  | { kind: 'search' }
  | { kind: 'theme' }
  | { kind: 'pause' }
  | { kind: 'go'; href: string };

export interface Shortcut {
  /** Pressed one after the other; `mod` is Ctrl, on Apple's machines Cmd. */
  keys: readonly string[];
  text: string;
  group: 'Everywhere' | 'Go to' | 'In lists and tables';
  /** None for what the part of the page itself does. */
  action?: Action;
  /** It leads to what is for nobody without it. */
  needs?: Permission;
}

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ['mod+k'],
    text: 'Find pages, clients, models, sessions, results, actions',
    group: 'Everywhere',
    action: { kind: 'palette' },
  },
  { keys: ['/'], text: 'Search on this page', group: 'Everywhere', action: { kind: 'search' } },
  { keys: ['?'], text: 'Show these shortcuts', group: 'Everywhere', action: { kind: 'help' } },
  { keys: ['p'], text: 'Pause live changes, or go on', group: 'Everywhere', action: { kind: 'pause' } },
  { keys: ['Escape'], text: 'Close what is open', group: 'Everywhere' },
  ...PAGES.map(({ href, name, key, needs }): Shortcut => ({
    keys: ['g', key],
    text: name,
    group: 'Go to',
    action: { kind: 'go', href },
    needs,
  })),
  { keys: ['↓'], text: 'The same place one row below', group: 'In lists and tables' },
  { keys: ['↑'], text: 'The same place one row above', group: 'In lists and tables' },
  { keys: ['Shift+click'], text: 'Choose all rows up to this one', group: 'In lists and tables' },
];

/** The second key must come so soon, in ms. */
const PREFIX_MS = 1_500;

/** Tells what a key asks for. Knows no page and does nothing itself. */
export class Keyboard {
  #prefix: { key: string; at: number } | null = null;

  /** `singleKeys`: whether keys alone may do something. Null for a key that asks for nothing. */
  hear(event: KeyboardEvent, singleKeys: boolean): Action | null {
    if (event.defaultPrevented || event.isComposing) return null;
    if (isModK(event)) return { kind: 'palette' };
    if (!singleKeys || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return this.#forget();
    const before = this.#prefix && event.timeStamp - this.#prefix.at < PREFIX_MS ? [this.#prefix.key] : [];
    this.#prefix = null;
    const pressed = [...before, event.key];
    const found = SHORTCUTS.find(({ keys, action }) => action && same(keys, pressed));
    if (!found && !before.length && isPrefix(event.key)) this.#prefix = { key: event.key, at: event.timeStamp };
    return found?.action ?? null;
  }

  #forget(): null {
    this.#prefix = null;
    return null;
  }
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((key, i) => key === b[i]);
const isPrefix = (key: string) => SHORTCUTS.some(({ keys }) => keys.length > 1 && keys[0] === key);

/** Ctrl-K would cut a line in a field of Apple's machines: there it is Cmd-K alone. */
function isModK(event: KeyboardEvent): boolean {
  const isMod = isApple() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  return isMod && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
}

const NO_TEXT = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file']);

/** Whether the key goes into a field, or a dialog has the floor. */
function isTyping({ target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target.isContentEditable || target.matches('textarea, select, [role="menu"] *, [role="listbox"] *');
}
