/** What was opened last from the palette, kept by this browser until its reader signs out. */
import { RECENT_KEY } from './forget';

const KEPT = 6;

export interface Recent {
  /** Its kind and its ID. */
  id: string;
  kind: string;
  text: string;
  detail: string;
  href?: string;
}

export const recents = {
  /** The newest first. */
  all(): Recent[] {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT_KEY) ?? '[]') as unknown;
      return Array.isArray(kept) ? kept.filter(isRecent).slice(0, KEPT) : [];
    } catch {
      return [];
    }
  },

  put({ id, kind, text, detail, href }: Recent): void {
    const others = recents.all().filter((recent) => recent.id !== id);
    try {
      localStorage.setItem(RECENT_KEY, JSON.stringify([{ id, kind, text, detail, href }, ...others].slice(0, KEPT)));
    } catch {
      // A browser that keeps nothing has no recent things.
    }
  },
};

/** Whether it is one, and leads to a page of this dashboard. */
function isRecent(value: unknown): value is Recent {
  const told = (typeof value === 'object' && value ? value : {}) as Partial<Record<keyof Recent, unknown>>;
  const texts = [told.id, told.kind, told.text, told.detail, told.href];
  return texts.every((text) => typeof text === 'string') && /^\/(?!\/)/.test(told.href as string);
}
