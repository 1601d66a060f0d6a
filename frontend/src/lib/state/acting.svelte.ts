/** An action on chosen models: put together, confirmed, sent. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { ClientView, ModelOnClient, OperationKind, OperationView } from '$lib/api/types';
import { planned, isOneModel, type Wish } from '$lib/models/acting';
import type { Facts } from '$lib/models/columns';
import { keyOf } from '$lib/models/rows';

const KEEP_ALIVE_S = 300;
/** From so many models on, deleting asks for their number, typed. */
export const TYPED_FROM = 4;
const AT_ONCE_MAX = 5_000;

export interface Known {
  facts: Facts;
  all: readonly ModelOnClient[];
}

export class Acting {
  wish = $state.raw<Wish | null>(null);
  rows = $state.raw<readonly ModelOnClient[]>([]);
  typed = $state('');
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);
  readonly #known: () => Known;

  constructor(known: () => Known) {
    this.#known = known;
  }

  readonly #installed = $derived.by(() => new Set(this.wish?.kind === 'pull' ? this.#known().all.map(keyOf) : []));
  readonly plan = $derived.by(() =>
    this.wish ? planned(this.wish, this.rows, this.#known().facts, this.#installed) : { acts: [], refused: [] },
  );
  readonly clients = $derived.by(() => [...this.#known().facts.clientOf.values()]);
  /** What must be typed before the button works; null: nothing. */
  readonly toType = $derived.by(() =>
    this.wish?.kind === 'delete' && this.plan.acts.length >= TYPED_FROM ? `delete ${this.plan.acts.length}` : null,
  );
  readonly canDo = $derived.by(
    () =>
      this.plan.acts.length > 0 &&
      this.plan.acts.length <= AT_ONCE_MAX &&
      !this.busy &&
      (this.toType === null || this.typed.trim().toLowerCase() === this.toType),
  );

  /** Begin with what is selected. */
  open(kind: OperationKind, rows: readonly ModelOnClient[]): void {
    this.rows = rows;
    const to = kind === 'copy' ? (isOneModel(rows) ? `${rows[0]?.name ?? ''}-copy` : '-copy') : '';
    this.wish = { kind, clientIds: new Set(), again: false, to, keep_alive_s: KEEP_ALIVE_S };
    [this.typed, this.problem] = ['', null];
  }

  change(change: Partial<Wish>): void {
    if (this.wish) this.wish = { ...this.wish, ...change };
  }

  toggleClient({ id }: Pick<ClientView, 'id'>): void {
    const next = new Set(this.wish?.clientIds);
    if (!next.delete(id)) next.add(id);
    this.change({ clientIds: next });
  }

  close(): void {
    this.wish = null;
  }

  /** Ask for it; return what was asked for, or null where the server refused (`problem` says why). */
  async submit(): Promise<OperationView[] | null> {
    if (!this.canDo) return null;
    this.busy = true;
    try {
      const operations = this.plan.acts.map(({ clientId, operation }) => ({ client_id: clientId, operation }));
      const asked = await unwrap(api.POST('/api/v1/operations', { body: { operations, client_ids: [] } }));
      this.close();
      return asked.operations;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
