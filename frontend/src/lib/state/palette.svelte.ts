/** What can be found from everywhere: pages, actions, clients, models, sessions, results. Loaded when it is opened. */
import fuzzysort from 'fuzzysort';
import { api, unwrap } from '$lib/api/client';
import type { ResultView, SessionView } from '$lib/api/types';
import { ago, moment } from '$lib/format';
import type { PageEntry } from '$lib/pages';
import { SESSION } from '$lib/words';
import { recents, type Recent } from './recents';

export type EntryKind = 'page' | 'action' | 'client' | 'model' | 'session' | 'result';

export interface Entry extends Recent {
  kind: EntryKind;
  /** Done when it is chosen, where it leads nowhere. */
  run?: () => void;
  /** How to do it by the keyboard. */
  keys?: readonly string[];
}

export interface Found {
  entry: Entry;
  /** Its text in pieces; those that match are marked. */
  pieces: readonly { text: string; isMatch: boolean }[];
}

const SHOWN = 40;
const FETCHED = 100;
const FRESH_MS = 30_000;
/** An action of its own. */
const NEW_BENCHMARK = '/benchmarks/new';
const THRESHOLD = 0.3;
/** A page or an action that fits as well as a result comes first. */
const WEIGHT: Record<EntryKind, number> = { page: 1.12, action: 1.1, client: 1.06, model: 1.04, session: 1, result: 1 };

interface Known {
  clients: readonly { id: string; name: string }[];
  actions: readonly Entry[];
  /** Those that whoever looks may open. */
  pages: readonly PageEntry[];
}

export class Palette {
  query = $state('');
  #fetched = $state.raw<Entry[]>([]);
  #known = $state.raw<Known>({ clients: [], actions: [], pages: [] });
  #recent = $state.raw<Recent[]>([]);
  isBusy = $state(false);
  /** Some things could not be asked for: what is found is not all. */
  isPartial = $state(false);
  #fetchedAt = -Infinity;

  readonly entries = $derived([
    ...pageEntries(this.#known),
    ...this.#known.actions,
    ...clientEntries(this.#known),
    ...this.#fetched,
  ]);
  /** What was opened lately; a page that is not there for whoever looks is left out. */
  readonly #opened = $derived(
    this.#recent.flatMap(
      (kept) => this.entries.find(({ id }) => id === kept.id) ?? (kept.kind === 'page' ? [] : [kept as Entry]),
    ),
  );
  readonly #index = $derived(fuzzysort.snapshot(this.entries, { keys: ['text', 'detail'] }));
  readonly found = $derived(this.query.trim() ? this.#search(this.query.trim()) : this.#first());

  /** Show it anew: what was opened last comes first, and what the server has is asked for. */
  open(known: Known): void {
    [this.query, this.#known, this.#recent] = ['', known, recents.all()];
    if (Date.now() - this.#fetchedAt > FRESH_MS) void this.#fetch();
  }

  /** Remember what was chosen. */
  chose(entry: Entry): void {
    if (entry.kind !== 'action') recents.put(entry);
  }

  async #fetch(): Promise<void> {
    this.isBusy = true;
    const asked = await Promise.allSettled([fetchModels(), fetchSessions(), fetchResults()]);
    this.#fetched = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    this.isPartial = asked.some(({ status }) => status === 'rejected');
    this.#fetchedAt = this.isPartial ? -Infinity : Date.now();
    this.isBusy = false;
  }

  #search(query: string): Found[] {
    const options = {
      limit: SHOWN,
      threshold: THRESHOLD,
      scoreFn: ({ obj, score }: { obj: Entry; score: number }) => score * WEIGHT[obj.kind],
    };
    return fuzzysort.go(query, this.#index, options).map((result) => {
      const marked = result[0]?.highlight<Marked>((text) => ({ text, isMatch: true })) ?? [];
      return { entry: result.obj, pieces: marked.length ? marked.map(piece) : [plain(result.obj.text)] };
    });
  }

  /** Before anything is typed: what was opened last, then actions and pages. */
  #first(): Found[] {
    const recent = this.#opened;
    const others = [...this.#known.actions, ...pageEntries(this.#known)].filter(
      ({ id }) => !recent.some((entry) => entry.id === id),
    );
    return [...recent, ...others].map((entry) => ({ entry, pieces: [plain(entry.text)] }));
  }

  /** How many of those found were opened lately; they stand first. */
  get recentCount(): number {
    return this.query.trim() ? 0 : this.#opened.length;
  }
}

interface Marked {
  text: string;
  isMatch: boolean;
}
const plain = (text: string): Marked => ({ text, isMatch: false });
const piece = (part: string | Marked): Marked => (typeof part === 'string' ? plain(part) : part);

function pageEntries({ pages }: Known): Entry[] {
  return pages
    .filter(({ href }) => href !== NEW_BENCHMARK)
    .map(({ href, name, key }) => ({
      kind: 'page',
      id: `page ${href}`,
      text: name,
      detail: 'page',
      href,
      keys: ['g', key],
    }));
}

function clientEntries({ clients }: Known): Entry[] {
  return clients.map(({ id, name }) => ({
    kind: 'client',
    id: `client ${id}`,
    text: name,
    detail: 'client',
    href: `/clients/${encodeURIComponent(id)}`,
  }));
}

async function fetchModels(): Promise<Entry[]> {
  const { models } = await unwrap(api.GET('/api/v1/models'));
  return [...new Set(models.map(({ name }) => name))].map((name) => ({
    kind: 'model',
    id: `model ${name}`,
    text: name,
    detail: 'model',
    href: `/models?q=${encodeURIComponent(name)}`,
  }));
}

async function fetchSessions(): Promise<Entry[]> {
  const { sessions } = await unwrap(api.GET('/api/v1/sessions', { params: { query: { limit: FETCHED } } }));
  return sessions.map(sessionEntry);
}

function sessionEntry(session: SessionView): Entry {
  const when = ago(Date.parse(session.created_at), Date.now());
  const detail = `session, ${SESSION[session.state].text}, ${when}`;
  return {
    kind: 'session',
    id: `session ${session.id}`,
    text: session.title,
    detail,
    href: `/benchmarks/${session.id}`,
  };
}

async function fetchResults(): Promise<Entry[]> {
  const { results } = await unwrap(api.GET('/api/v1/results', { params: { query: { limit: FETCHED } } }));
  return results.map(resultEntry);
}

function resultEntry(result: ResultView): Entry {
  const text = `${result.model} on ${result.client_name}`;
  const detail = `result, ${result.suite_name}, ${moment(result.ended_at)}`;
  return { kind: 'result', id: `result ${result.id}`, text, detail, href: `/results/${result.id}` };
}

export const palette = new Palette();
