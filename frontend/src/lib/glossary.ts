/** What every metric, grade, flag and word means, for people; the whole of it stands in docs/measuring.md. */
import type { Flag, Grade, Metric } from './api/types';
import { FIELDS, FIGURES, WORDS } from './glossary-words';
import { entryOf, termName, type EntryId, type TermId } from './terms';
import { METRIC } from './words';

export interface Entry {
  name: string;
  /** The name in full, where the name is short. */
  long: string;
  /** Empty for what has none. */
  unit: string;
  better: 'higher' | 'lower' | null;
  text: string;
}

const METRICS: Record<Metric, string> = {
  decode_tokens_per_s:
    "How fast the answer is written: tokens made, divided by the time that making them took, both by Ollama's own count and clock. The number that people quote. Reading the prompt, loading and waiting are not in it.",
  prefill_tokens_per_s:
    'How fast the prompt is read: tokens really read (those from a cache taken off), divided by the time that took. Long prompts make it matter.',
  ttft_ms:
    'How long nothing is seen: from the moment the request leaves until the first piece of text, or of thinking, arrives. Loading, waiting and reading the prompt are in it.',
  first_answer_ms:
    'From the send until the first text that is no thinking. For a model that thinks first, this is the wait that a person feels.',
  tpot_ms:
    'The steady pace of the answer as it arrives: from the first to the last piece of text, divided by the tokens made, less one.',
  gap_max_ms:
    'The longest pause in mid-answer, between two pieces of text. It shows a stall that a mean hides. Not told where several pieces came in one read.',
  e2e_ms: 'The whole wait: from the send until the last byte. It depends on how long an answer was asked for.',
  scheduled_ms:
    'The whole wait, counted from the moment at which the request was due. Where requests come at moments of their own, a slow server cannot hide behind a late sender.',
  load_ms:
    'How long it took to bring the model into memory. Measured only where it was not there before; its file may still lie in the memory of the system.',
  queue_ms:
    'What is left of the whole time without load, prefill and decode: waiting for a free slot, and a few milliseconds of overhead.',
};

const GRADES: Record<Grade, string> = {
  clean: 'Nothing known disturbed it. Only clean results enter a baseline.',
  disturbed:
    'A number to be read with its reasons. Of a sample: the machine was not quiet while it was timed, so it is replaced where the budget allows. Of a result: samples were left out or missing, other models were loaded, or most samples were disturbed.',
  invalid: 'No number: it failed, or no sample counted. The code of the failure says why.',
};

const FLAGS: Record<Flag, string> = {
  clock_stepped: 'The clock of the machine was set during the request, by more than 1 ms. Left out.',
  client_stalled: "OBT's own process was away for more than 20 ms. What Ollama's clock tells still counts.",
  send_delayed: "The request left the machine more than 2 ms after its stamp. What Ollama's clock tells still counts.",
  merged_reads: 'One read brought several pieces of text, so that some gaps are not known. It counts.',
  clocks_disagree:
    "Two of the three clocks (ours, Ollama's, that of each piece of text) differ by more than 3 %. It counts, with doubt.",
  cached_prompt: 'A cache served the prompt, so that reading it looks faster than it is. Left out.',
  impossible_prefill:
    'The prompt was read faster than this machine can: a cache served it without saying so. Left out.',
  model_reloaded: 'The model should have been in memory and was loaded anew. Left out.',
  context_changed: 'The model ran with another context length than was asked for. Left out.',
  prompt_truncated: 'Ollama counted less than three quarters of the prompt: it was cut. Left out.',
  unasked_thinking: 'The model thought although it was told not to. It counts.',
  sent_late: 'Sent more than 5 ms after its moment; the scheduled latency holds that. It counts.',
  foreign_cpu_load: 'Other programs used the processor meanwhile. Replaced by another sample where the budget allows.',
  foreign_gpu_load: 'Other programs used a GPU meanwhile. Replaced by another sample where the budget allows.',
  memory_swapped: 'The machine moved memory to its disk meanwhile. Replaced by another sample where the budget allows.',
  thermal_throttling:
    'The GPU or the processor lowered its clock since it was hot. Replaced by another sample where the budget allows.',
  power_brake: 'The power supply made a GPU slow down. Replaced by another sample where the budget allows.',
};

const TEXTS: Record<EntryId, string> = { ...METRICS, ...GRADES, ...FLAGS, ...WORDS, ...FIGURES, ...FIELDS };

const UNITS: Partial<Record<EntryId, [unit: string, better: Entry['better']]>> = {
  throughput: ['tokens/s', 'higher'],
  goodput: ['requests/s', 'higher'],
  requests_rate: ['requests/s', 'higher'],
  energy: ['J/token', 'lower'],
  drift: ['%', null],
  offload: ['%', null],
  itl: ['ms', 'lower'],
};

/** Explain a word. */
export function explain(id: TermId): Entry {
  const entry = entryOf(id);
  const metric = (METRIC as Partial<Record<string, (typeof METRIC)[Metric]>>)[entry];
  const [unit, better] = UNITS[entry] ?? [metric?.unit ?? '', metric?.better ?? null];
  return { name: termName(entry), long: metric?.long ?? '', unit, better, text: TEXTS[entry] };
}

/** The glossary as a page shows it: its parts in order, each with its entries. */
export const PARTS: readonly { title: string; ids: readonly EntryId[] }[] = [
  { title: 'Metrics', ids: Object.keys(METRICS) as EntryId[] },
  { title: 'Beside the number', ids: Object.keys(FIGURES) as EntryId[] },
  { title: 'Grades', ids: Object.keys(GRADES) as EntryId[] },
  { title: 'What OBT calls its things', ids: Object.keys(WORDS) as EntryId[] },
  { title: 'Flags of a sample', ids: Object.keys(FLAGS) as EntryId[] },
  { title: 'Words of the field', ids: Object.keys(FIELDS) as EntryId[] },
];
