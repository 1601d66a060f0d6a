/** The pages, in the order of the navigation, each with the letter that leads there after `g`. */
import type { Permission } from './api/types';

/** Whether whoever looks has it. */
export type May = (permission: Permission) => boolean;

export interface PageEntry {
  href: string;
  name: string;
  key: string;
  /** Whether the navigation names it. */
  isMain: boolean;
  /** It is for nobody without it. */
  needs?: Permission;
}

const page =
  (isMain: boolean) =>
  (href: string, name: string, key: string, needs?: Permission): PageEntry => ({
    href,
    name,
    key,
    isMain,
    needs,
  });
const main = page(true);
const other = page(false);

export const PAGES: readonly PageEntry[] = [
  main('/', 'Fleet', 'f'),
  main('/clients', 'Clients', 'c'),
  main('/models', 'Models', 'm'),
  main('/benchmarks', 'Benchmarks', 'b'),
  main('/results', 'Results', 'r'),
  main('/trends', 'Trends', 't'),
  main('/operations', 'Operations', 'o'),
  main('/people', 'People', 'p', 'administer'),
  main('/audit', 'Audit log', 'l', 'administer'),
  main('/settings', 'Settings', 's'),
  other('/compare', 'Compare', 'x'),
  other('/benchmarks/new', 'New benchmark', 'n', 'operate'),
  other('/help', 'Help', 'h'),
  other('/account', 'My account', 'y', 'own_account'),
];

/** Those that whoever looks may open. */
export const pagesFor = (may: May): PageEntry[] => PAGES.filter(({ needs }) => !needs || may(needs));
