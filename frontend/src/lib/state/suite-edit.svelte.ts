/** A suite that is being written: its fields, and what the server says of them while they change. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { Suite, SuiteProblem, SuiteView } from '$lib/api/types';
import { aWorkload, named, plainSuite, type WorkloadDraft, type SuiteDraft } from '$lib/suite-draft';

const SETTLE_MS = 250;

export class SuiteEdit {
  draft = $state<SuiteDraft>() as SuiteDraft;
  /** What is wrong now, each at its place; empty while it is in order. */
  problems = $state.raw<readonly SuiteProblem[]>([]);
  /** The suite as it was last in order, with what follows from it. */
  view = $state.raw<SuiteView>() as SuiteView;
  toml = $state.raw<string | null>(null);
  isChecking = $state(false);
  problem = $state.raw<Problem | null>(null);
  /** Of a file that was read: what kept it from being taken. */
  fileProblems = $state.raw<readonly SuiteProblem[]>([]);
  savedAs = $state('');
  #settling: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  readonly isInOrder = $derived(this.problems.length === 0 && !this.isChecking && this.problem === null);

  constructor(from: SuiteView) {
    const isOwn = from.saved;
    this.draft = named(from.suite, isOwn ? from.suite.name : `${from.suite.name}-edited`, isOwn);
    this.view = from;
    this.changed();
  }

  /** The suite as it is sent. */
  get content(): Suite {
    return this.view.suite;
  }

  /** Sentences about a place, such as `workloads[2].samples`. */
  at(place: string): string {
    return this.problems
      .filter((problem) => problem.place === place)
      .map(({ text }) => text)
      .join('; ');
  }

  /** Sentences about no field of the form. */
  readonly elsewhere = $derived(this.problems.filter(({ place }) => place === '' || place === 'workloads'));

  /** Something was typed: ask for a judgement when it has settled. */
  changed(): void {
    this.isChecking = true;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.check(), SETTLE_MS);
  }

  async check(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const told = await unwrap(api.POST('/api/v1/suites/check', { body: { suite: plainSuite(this.draft) } }));
      if (asked !== this.#asked) return;
      [this.problems, this.toml, this.problem] = [told.problems, told.toml, null];
      if (told.suite) this.view = told.suite;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.problem = toProblem(thrown);
    }
    this.isChecking = false;
  }

  addWorkload(): void {
    this.draft.workloads.push(aWorkload(this.draft.workloads.map(({ name }) => name)));
    this.changed();
  }

  duplicate(index: number): void {
    const original = this.draft.workloads[index];
    if (!original) return;
    const names = this.draft.workloads.map(({ name }) => name);
    const copy: WorkloadDraft = { ...$state.snapshot(original), ...aWorkloadName(original.name, names) };
    this.draft.workloads.splice(index + 1, 0, copy);
    this.changed();
  }

  remove(index: number): void {
    this.draft.workloads.splice(index, 1);
    this.changed();
  }

  /** Read a suite's file; what is wrong with it is told at its lines, and the form stays as it was. */
  async read(text: string): Promise<void> {
    try {
      const told = await unwrap(api.POST('/api/v1/suites/check', { body: { text } }));
      this.fileProblems = told.problems;
      if (!told.suite) return;
      this.draft = named(told.suite.suite, told.suite.suite.name, true);
      this.changed();
    } catch (thrown) {
      this.problem = toProblem(thrown);
    }
  }

  /** Keep it under its name; null where the server refused. */
  async save(): Promise<SuiteView | null> {
    try {
      const params = { path: { name: this.draft.name } };
      const saved = await unwrap(api.PUT('/api/v1/suites/saved/{name}', { params, body: { suite: this.content } }));
      [this.view, this.problem, this.savedAs] = [saved, null, saved.suite.name];
      return saved;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      return null;
    }
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#asked += 1;
  }
}

function aWorkloadName(name: string, taken: readonly string[]): { name: string } {
  return { name: aWorkload(taken, `${name}-copy`).name };
}
