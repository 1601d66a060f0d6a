/** Keys by the names that stand on them. */

/** Whether this is a machine of Apple's. */
export function isApple(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
}

/** A key as it stands on a keyboard. */
export function keyName(key: string): string {
  return key === 'mod+k' ? (isApple() ? '⌘ K' : 'Ctrl K') : key === 'Escape' ? 'Esc' : key;
}
