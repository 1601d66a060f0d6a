/** What machines, models and people are called is shown as text: it becomes no element, no handler, no address. */
import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { Problem } from '$lib/api/client';
import { aClient, aJob } from '$lib/testing/builders';
import ClientCard from '$lib/components/fleet/ClientCard.svelte';
import DetectionNotes from '$lib/components/clients/DetectionNotes.svelte';
import GradeNote from '$lib/components/result/GradeNote.svelte';
import HardwareHistory from '$lib/components/clients/HardwareHistory.svelte';
import JobMatrix from '$lib/components/session/JobMatrix.svelte';
import ModelName from './ModelName.svelte';
import ProblemNote from './ProblemNote.svelte';
import SessionLogTable from '$lib/components/session/SessionLogTable.svelte';

const THEN = '2026-11-21T09:00:00Z';
const HOSTILE =
  '<script>alert(1)</script>"\'><img src=x onerror=alert(2)><svg onload=alert(3)><a href="javascript:alert(4)">';

/** Everything that a page would run or fetch because of a text in it. */
function foreign(page: Element): string[] {
  const elements = [...page.querySelectorAll('script, img, iframe, object, embed, [srcdoc], [src]')];
  const handlers = [...page.querySelectorAll('*')].filter(({ attributes }) =>
    [...attributes].some(({ name }) => name.startsWith('on')),
  );
  const links = [...page.querySelectorAll('a[href]')].filter((link) => !/^[/#?]/.test(link.getAttribute('href') ?? ''));
  return [...elements, ...handlers, ...links].map((element) => element.outerHTML);
}

const hostileJob = aJob({
  status: 'failed',
  model: HOSTILE,
  client_name: HOSTILE,
  error: { code: 'ollama_error', message: HOSTILE },
});

const shown: [string, () => { container: Element }][] = [
  ['the name of a model', () => render(ModelName, { name: HOSTILE })],
  [
    'the name and the tags of a client, and what its Ollama holds',
    () =>
      render(ClientCard, {
        client: aClient({
          name: HOSTILE,
          tags: [HOSTILE],
          client_version: HOSTILE,
          version_state: 'older',
          ollama: {
            reachable: true,
            version: HOSTILE,
            loaded: [
              {
                name: HOSTILE,
                digest: 'c0ffee00',
                size_bytes: 1,
                size_vram_bytes: 1,
                context_length: 1,
                expires_at: null,
              },
            ],
          },
        }),
        job: undefined,
        now: Date.parse(THEN),
        upgrade: HOSTILE,
      }),
  ],
  [
    'the error of a job',
    () =>
      render(JobMatrix, {
        models: [HOSTILE],
        clients: [{ id: 'attic-1', name: HOSTILE }],
        jobAt: () => hostileJob,
        oncancel: () => undefined,
      }),
  ],
  [
    'a line of a log',
    () =>
      render(SessionLogTable, {
        entries: [
          {
            id: 1,
            job_id: 'job-1',
            at: THEN,
            kind: 'failed',
            detail: { numbers: [], flags: [], conditions: [], notes: [HOSTILE] },
          },
        ],
        jobs: new Map([['job-1', hostileJob]]),
        isOfOne: false,
        hasMore: false,
        busy: false,
        onmore: () => undefined,
        onselect: () => undefined,
      }),
  ],
  [
    'what a tool said',
    () => render(DetectionNotes, { notes: [{ code: 'timed_out', source: HOSTILE, detail: HOSTILE }] }),
  ],
  [
    'the name of a GPU',
    () =>
      render(HardwareHistory, {
        chapters: [
          {
            since: THEN,
            until: null,
            isNow: true,
            changes: [{ name: HOSTILE, from: HOSTILE, to: HOSTILE }],
            summary: HOSTILE,
          },
        ],
      }),
  ],
  [
    'a reason of a grade',
    () =>
      render(GradeNote, {
        grade: 'disturbed',
        reasons: [{ code: 'on_battery', text: HOSTILE, detail: HOSTILE }],
        told: [{ code: 'power_capped', text: HOSTILE, detail: HOSTILE }],
        clean: 'nothing',
        status: 'completed',
        notes: [HOSTILE],
      }),
  ],
  ['what the server complains of', () => render(ProblemNote, { problem: new Problem(422, 'invalid', HOSTILE) })],
];

describe('hostile text', () => {
  it.each(shown)('is text as %s', (_, draw) => {
    const { container } = draw();
    expect(container.textContent).toContain('<script>alert(1)</script>');
    expect(foreign(container)).toEqual([]);
  });

  it('is never given to what reads HTML', () => {
    const files = import.meta.glob<string>(['/src/**/*.{ts,svelte}', '!/src/**/*.test.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    });
    expect(Object.keys(files).length).toBeGreaterThan(200);
    const readers =
      /\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function\(|DOMParser/;
    expect(Object.keys(files).filter((name) => readers.test(files[name] ?? ''))).toEqual([]);
  });
});
