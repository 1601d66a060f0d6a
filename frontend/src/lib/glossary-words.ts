/** The texts of words that are no metric, grade or flag. */
import type { FIELD, FIGURE, WORD } from './terms';

export const WORDS: Record<keyof typeof WORD, string> = {
  client: 'A machine that runs Ollama, with obt-client beside it. It dials the server; nothing ever dials the machine.',
  model: 'An LLM that an Ollama has, named name:tag. The same name may hide another model: the digest tells.',
  suite:
    'What to measure: workloads and options, in one file. Results are compared only where their suites are the same, word for word.',
  workload:
    'One kind of request: its prompt, how many tokens to make, how many at a time, warm or cold, and when enough is known.',
  load_pattern:
    'Who sends when. Closed loop: so many requests under way at all times. Open loop: requests leave at moments of their own, whatever became of the ones before.',
  block:
    "One round through a suite's workloads, in an order of its own, so that a machine that slows down does so for all.",
  session: 'What a person asked for: one suite, measured for models on clients.',
  job: 'One model on one client within a session: what is queued, claimed by the client, and done.',
  operation: 'What a client is asked to do with its models: pull, delete, load, unload or copy one.',
  sample: 'One timed request.',
  result: "A job's samples with its summary, its telemetry and its environment.",
  telemetry: 'What the machine did while it was measured: processor, memory, GPUs, power, heat; one reading a second.',
  environment:
    'All that may explain a number: hardware, drivers, power, versions and settings of Ollama, the digest of the model, where its layers lay.',
  condition: 'One thing of the environment that a reader should know, with what it makes of the grade.',
  series:
    'Results that tell one story over time: the same hardware, model digest, suite, options and offload. Versions of Ollama and of drivers are not in it: they are the causes that a change is traced to.',
  tag: 'A word that you give to clients, so that lists can be narrowed to it.',
};

export const FIGURES: Record<keyof typeof FIGURE, string> = {
  median: 'The value in the middle: half of the samples lie below, half above. A few slow ones do not move it.',
  interval:
    'Where the true median lies: in 95 of 100 measurements like this one, the interval holds it. Six samples are the fewest. Two medians whose intervals overlap widely may be the same.',
  n: 'How many samples the number is made of. Fewer than six give a median, and no interval.',
  spread:
    'How far samples usually lie from their median (1.4826 times the median absolute deviation; the standard deviation, where they are spread normally).',
  p90: 'Nine of ten samples were no higher than this. Told from 10 samples on.',
  p99: '99 of 100 samples were no higher than this. Told from 100 samples on.',
  outlier: 'A sample more than 3.5 spreads from the median. It is counted, and counted in.',
  drift:
    'How much the median changed from the first third of the samples to the last. Told only where it is more than noise.',
  grade: 'How far a result can be trusted: clean, disturbed or invalid, with coded reasons.',
  flag: 'A doubt about one sample. Some flags leave it out of the summary; none hides it.',
  verdict:
    '"Faster" or "slower" needs three things at once: a rank test, an interval of the difference without 0, and a difference that is large enough to matter. All else is "no difference found", which proves none.',
  smallest_difference:
    'How small a worsening these samples would have shown in 80 of 100 comparisons. Where it is 8 %, nothing was learned about 3 %.',
  effect_size:
    "Cliff's delta: the share of pairs of samples in which the one is better, less that in which it is worse.",
  pareto: 'The models that no other one beats in both at once: none is faster and larger than they are.',
  throughput: 'Tokens of all streams together, over the time that requests were under way.',
  goodput: 'Requests per second that kept every limit that the workload states.',
  requests_rate: 'Requests per second that ended well.',
  energy:
    'Joules for each token made, reading the prompts included: of those devices that tell it. The board, fans and the loss of the power supply are not in it.',
  offload:
    'How much of the model lies in the memory of a GPU. Split between GPU and machine, it is a series of its own.',
  itl: 'Time between two pieces of text that arrive. Tools mean different things by it: OBT tells the longest gap, and TPOT for the pace.',
  own_error:
    'How far OBT itself is off, measured on this machine with a stand-in that knows when it wrote each token: obt-client bench --calibrate.',
};

export const FIELDS: Record<keyof typeof FIELD, string> = {
  token:
    'What a model reads and writes: a piece of a word, four letters or so in English. Each model cuts words its own way.',
  quantization:
    'How many bits are kept for each weight. Q4 takes about half the memory of Q8 and is usually faster; the text gets a little worse.',
  parameters: 'How many weights a model has: 8B are eight billion.',
  digest: 'The fingerprint of the content of a model. The same name with another digest is another model.',
  context: 'How many tokens the model can have in view, prompt and answer together. More of it takes more memory.',
  concurrency: 'How many requests are under way at the same time.',
  warmup:
    'Requests before the measurement, until two agree: the first ones after a load can be ten times slower. They count for nothing.',
  cold: 'A request for a model that is not in memory: loading is part of the wait.',
  thinking: 'Text that a model writes for itself before its answer.',
  keep_alive: 'How long Ollama keeps a model in memory after a request.',
  prompt_cache:
    'Ollama skips what a prompt has in common with the one before. So every prompt begins with a number that was never used before.',
  slots: 'How many requests Ollama serves at the same time. The others wait: that is the queue.',
  preflight: 'What is looked at before the first sample: whether the machine is quiet, and what is loaded.',
  drain: 'A client that ends what it does and is given no new work, until it is resumed.',
  vram: 'The memory of a GPU. A model that does not fit into it lies partly in that of the machine, and is much slower.',
};
