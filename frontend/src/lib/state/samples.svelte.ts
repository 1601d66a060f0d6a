/** The samples of a result: which are looked at, which of those are in sight, which one is open. */
import type { Sample } from '$lib/api/types';
import { isCounted } from '$lib/sample';
import { RowWindow } from './row-window.svelte';

const ROW_HEIGHT_PX = 34;
/** With fewer there is nothing to look for, and the page scrolls, not the table. */
const FEW = 60;

export class SampleList {
  workload = $state('');
  onlyDoubtful = $state(false);
  /** The number of the sample that is open. */
  open = $state<number | null>(null);
  /** How high its details are, in pixels. */
  openHeight = $state(0);
  readonly #samples: () => readonly Sample[];
  readonly window: RowWindow;

  constructor(samples: () => readonly Sample[]) {
    this.#samples = samples;
    this.window = new RowWindow(
      ROW_HEIGHT_PX,
      () => this.rows.length,
      () => (this.openIndex < 0 ? null : { index: this.openIndex, extra: this.openHeight }),
    );
  }

  readonly all = $derived.by(() => this.#samples());
  readonly isLong = $derived(this.all.length > FEW);
  readonly hasLoad = $derived(this.all.some((sample) => sample.load_ms != null));
  readonly hasLateness = $derived(this.all.some((sample) => sample.lateness_ms != null));
  readonly workloads = $derived([...new Set(this.all.map((sample) => sample.workload))]);
  readonly rows = $derived(
    this.all.filter(
      (sample) => (!this.workload || sample.workload === this.workload) && (!this.onlyDoubtful || isDoubtful(sample)),
    ),
  );
  readonly openIndex = $derived(this.rows.findIndex(({ number }) => number === this.open));
  readonly visible = $derived.by(() => this.rows.slice(this.window.first, this.window.end));

  toggle(number: number): void {
    this.open = this.open === number ? null : number;
  }
}

/** A request that failed, was left out, or carries a flag; warm-ups are never counted and doubt nothing. */
function isDoubtful(sample: Sample): boolean {
  return Boolean(sample.flags?.length) || (sample.role !== 'warmup' && !isCounted(sample));
}
