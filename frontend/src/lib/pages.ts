/** The pages, in the order of the navigation, each with the letter that leads there after `g`. */
export interface PageEntry {
  href: string;
  name: string;
  key: string;
  /** Whether the navigation names it. */
  isMain: boolean;
}

const main = (href: string, name: string, key: string): PageEntry => ({ href, name, key, isMain: true });
const other = (href: string, name: string, key: string): PageEntry => ({ href, name, key, isMain: false });

export const PAGES: readonly PageEntry[] = [
  main('/', 'Fleet', 'f'),
  main('/clients', 'Clients', 'c'),
  main('/models', 'Models', 'm'),
  main('/benchmarks', 'Benchmarks', 'b'),
  main('/results', 'Results', 'r'),
  main('/trends', 'Trends', 't'),
  main('/operations', 'Operations', 'o'),
  main('/settings', 'Settings', 's'),
  other('/compare', 'Compare', 'x'),
  other('/benchmarks/new', 'New benchmark', 'n'),
  other('/help', 'Help', 'h'),
  other('/account', 'My account', 'y'),
];
