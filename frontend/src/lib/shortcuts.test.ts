import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyName } from './keys';
import { PAGES } from './pages';
import { moveInRows } from './rows';
import { Keyboard, SHORTCUTS, type Action } from './shortcuts';

let keyboard: Keyboard;
let heard: (Action | null)[];
let singleKeys = true;
const onkeydown = (event: KeyboardEvent) => void heard.push(keyboard.hear(event, singleKeys));

beforeEach(() => {
  [keyboard, heard, singleKeys] = [new Keyboard(), [], true];
  document.addEventListener('keydown', onkeydown);
});
afterEach(() => {
  document.removeEventListener('keydown', onkeydown);
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

function press(key: string, at: Element = document.body, more: KeyboardEventInit = {}): Action | null {
  at.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
  return heard.at(-1) ?? null;
}

function put<Found extends Element = HTMLElement>(html: string, selector: string): Found {
  document.body.innerHTML = html;
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

describe('shortcuts', () => {
  it('are one key each, or one after g', () => {
    expect(press('/')).toEqual({ kind: 'search' });
    expect(press('?')).toEqual({ kind: 'help' });
    expect(press('p')).toEqual({ kind: 'pause' });
    expect(press('x')).toBeNull();
    for (const { key, href } of PAGES) {
      expect(press('g')).toBeNull();
      expect(press(key)).toEqual({ kind: 'go', href });
    }
  });

  it('forget g after a while, and after a key that leads nowhere', () => {
    press('g');
    press('x');
    expect(press('m')).toBeNull();
    const late = new KeyboardEvent('keydown', { key: 'm' });
    press('g');
    Object.defineProperty(late, 'timeStamp', { value: late.timeStamp + 60_000 });
    expect(keyboard.hear(late, true)).toBeNull();
  });

  it.each(['<input>', '<input type="search">', '<textarea></textarea>', '<select></select>'])(
    'are letters in %s, and Ctrl-K is none',
    (html) => {
      const field = put(html, 'input, textarea, select');
      for (const { keys, action } of SHORTCUTS)
        if (action?.kind !== 'palette') expect(press(keys[0] ?? '', field)).toBeNull();
      expect(press('k', field, { ctrlKey: true })).toEqual({ kind: 'palette' });
    },
  );

  it('work on a checkbox, which takes no text', () => {
    expect(press('/', put('<input type="checkbox">', 'input'))).toEqual({ kind: 'search' });
  });

  it('leave keys to a dialog, and to whoever took them before', () => {
    put('<dialog open><button>Keep</button></dialog>', 'button');
    expect(press('p')).toBeNull();
    document.body.innerHTML = '';
    const taken = new KeyboardEvent('keydown', { key: 'p', cancelable: true });
    taken.preventDefault();
    expect(keyboard.hear(taken, true)).toBeNull();
  });

  it('are no combination with Ctrl, Alt or Cmd', () => {
    for (const held of ['ctrlKey', 'altKey', 'metaKey']) expect(press('p', document.body, { [held]: true })).toBeNull();
  });

  it('can be turned off, all but Ctrl-K', () => {
    singleKeys = false;
    expect(press('p')).toBeNull();
    expect(press('k', document.body, { ctrlKey: true })).toEqual({ kind: 'palette' });
  });

  it('are Cmd-K and not Ctrl-K on machines of Apple', () => {
    vi.stubGlobal('navigator', { platform: 'MacIntel' });
    expect(press('k', document.body, { ctrlKey: true })).toBeNull();
    expect(press('k', document.body, { metaKey: true })).toEqual({ kind: 'palette' });
    expect(keyName('mod+k')).toBe('⌘ K');
  });

  it('have no key twice', () => {
    const keys = SHORTCUTS.filter(({ action }) => action).map((shortcut) => shortcut.keys.join(' '));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('arrows in rows', () => {
  const TABLE = `<table><tbody>
    <tr><td><input type="checkbox" id="c1"></td><td><a href="#1" id="a1">one</a></td></tr>
    <tr><td></td></tr>
    <tr><td><input type="checkbox" id="c2"></td><td><a href="#2" id="a2">two</a></td></tr>
  </tbody></table>`;
  const at = (id: string) => put(TABLE, `#${id}`);
  const arrow = (from: HTMLElement, key: string, more: KeyboardEventInit = {}) => {
    from.focus();
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    from.addEventListener('keydown', (heardEvent) => moveInRows(heardEvent), { once: true });
    from.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it('move to the same place of the next row that has one', () => {
    arrow(at('a1'), 'ArrowDown');
    expect(document.activeElement?.id).toBe('a2');
    arrow(at('c2'), 'ArrowUp');
    expect(document.activeElement?.id).toBe('c1');
  });

  it('stay at the ends, and outside of rows, so that the page scrolls', () => {
    expect(arrow(at('a1'), 'ArrowUp')).toBe(false);
    expect(arrow(put('<a href="#" id="x">x</a>', '#x'), 'ArrowDown')).toBe(false);
  });

  it('are left to what has arrows of its own', () => {
    const html = '<ul><li><input id="x"></li><li><a href="#">y</a></li></ul>';
    expect(arrow(put(html, '#x'), 'ArrowDown')).toBe(false);
    expect(arrow(at('a1'), 'ArrowDown', { shiftKey: true })).toBe(false);
  });
});
