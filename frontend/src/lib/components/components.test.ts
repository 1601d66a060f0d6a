import { render, screen, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '$lib/api/client';
import { aClient, aJob, estimate } from '$lib/testing/builders';
import ClientCard from '$lib/components/fleet/ClientCard.svelte';
import ConnectionBadge from '$lib/components/shell/ConnectionBadge.svelte';
import JobCell from '$lib/components/session/JobCell.svelte';
import JobMatrix from '$lib/components/session/JobMatrix.svelte';
import ModelName from './ModelName.svelte';
import MultiChoice from './MultiChoice.svelte';
import ProblemNote from './ProblemNote.svelte';

const NOW = Date.parse('2026-11-21T09:05:00Z');
const progress = {
  phase: 'sampling' as const,
  workload: 'chat',
  samples_done: 4,
  samples_planned: 21,
  tokens_per_s: 90.2,
};

describe('ConnectionBadge', () => {
  it.each([
    ['live', null, 'live'],
    ['connecting', null, 'connecting'],
    ['lost', NOW - 3_000, 'reconnecting 3 s'],
    ['lost', NOW - 60_000, 'offline 1 min'],
  ] as const)('says %s since %s as “%s”', (connection, lostAt, text) => {
    render(ConnectionBadge, { connection, lostAt, now: NOW });
    expect(screen.getByText(text)).toBeVisible();
  });
});

describe('ClientCard', () => {
  const card = (change: Parameters<typeof aClient>[0], job = undefined as ReturnType<typeof aJob> | undefined) =>
    render(ClientCard, { client: aClient(change), job, now: NOW });

  it('says what is in memory, and how much of it in VRAM', () => {
    const loaded = {
      name: 'qwen3:8b',
      digest: 'c0ffee00',
      size_bytes: 5_200_000_000,
      size_vram_bytes: 2_600_000_000,
      context_length: 4096,
      expires_at: null,
    };
    card({ ollama: { reachable: true, version: '0.9.3', loaded: [loaded] } });
    expect(screen.getByText('Ollama 0.9.3')).toBeVisible();
    expect(screen.getByText(/5\.2 GB, 50 % in VRAM/)).toBeVisible();
  });

  it('says that Ollama does not answer, and when an absent client was seen', () => {
    card({ ollama: { reachable: false, version: null, loaded: [] } });
    expect(screen.getByText('Ollama does not answer')).toBeVisible();
    card({ presence: 'offline', last_seen_at: '2026-11-21T09:00:00Z' });
    expect(screen.getByText('offline, seen 5 min ago')).toBeVisible();
  });

  it('leads to its own page, and says whether its release is outdated, with the line that mends it', () => {
    card({});
    expect(screen.getByRole('link', { name: 'attic' })).toHaveAttribute('href', '/clients/attic-1');
    expect(screen.queryByText(/outdated/)).toBeNull();
    const client = aClient({ version_state: 'older', client_version: '0.0.9' });
    const { container } = render(ClientCard, { client, job: undefined, now: NOW, upgrade: 'curl it | sh' });
    expect(screen.getByText('outdated, 0.0.9')).toBeVisible();
    expect(container.querySelector('details code')).toHaveTextContent('curl it | sh');
    card({ version_state: 'older', client_version: '' });
    expect(screen.getAllByText(/outdated/)).toHaveLength(1);
    card({ version_state: 'too_new' });
    expect(screen.getByText(/needs a newer server: is given no work/)).toBeVisible();
  });

  it('shows the job that runs', () => {
    card({ state: 'busy' }, aJob({ status: 'running', progress }));
    expect(screen.getByRole('progressbar')).toHaveAttribute('value', '4');
    expect(screen.getByText('90.2 tokens/s now')).toBeVisible();
    expect(screen.getByText('4 samples, at most 17 more')).toBeVisible();
  });

  it.each([
    ['idle', /^idle/],
    ['busy', 'busy'],
    ['draining', /draining/],
  ] as const)('says that it is %s', (state, text) => {
    card({ state });
    expect(screen.getByText(text)).toBeVisible();
  });
});

describe('JobCell', () => {
  const cell = (change: Parameters<typeof aJob>[0]) => {
    const oncancel = vi.fn();
    render(JobCell, { job: aJob(change), oncancel });
    return oncancel;
  };

  it('shows a rate with its interval, and leads to the result', () => {
    cell({ status: 'completed', headline: { decode_tokens_per_s: estimate() }, samples_stored: 21 });
    expect(screen.getByRole('link')).toHaveAttribute('href', '/results/job-1');
    expect(screen.getByText('88.0–91.0')).toBeVisible();
  });

  it('asks before it cancels what is queued or runs', () => {
    const oncancel = cell({ status: 'running', progress });
    screen.getByRole('button', { name: /Cancel/ }).click();
    expect(oncancel).toHaveBeenCalledOnce();
    const queued = cell({ status: 'queued' });
    screen.getAllByRole('button', { name: /Cancel/ })[1]?.click();
    expect(queued).toHaveBeenCalledOnce();
  });

  it('gives every other end its reason in words', () => {
    cell({ status: 'skipped', skip_reason: 'embeddings_only' });
    expect(screen.getByText(/makes embeddings only/)).toBeVisible();
    cell({
      status: 'skipped',
      skip_reason: 'client_outdated',
      error: { code: 'client_outdated', message: 'Upgrade it.' },
    });
    expect(screen.getByText('Upgrade it.')).toBeVisible();
    cell({ status: 'failed', error: { code: 'ollama_unreachable', message: 'Ollama went away.' }, samples_stored: 3 });
    expect(screen.getByText('Ollama went away.')).toBeVisible();
    expect(screen.getByText('3 samples kept')).toBeVisible();
    cell({ status: 'lost' });
    expect(screen.getByText(/went silent/)).toBeVisible();
    cell({ status: 'cancelled' });
    expect(screen.getByText('cancelled')).toBeVisible();
  });
});

describe('matrices', () => {
  it('puts the longer side of a session down', () => {
    const jobAt = (model: string, clientId: string) => aJob({ model, client_id: clientId });
    const clients = [
      { id: 'a', name: 'attic' },
      { id: 'b', name: 'cellar' },
    ];
    const { unmount } = render(JobMatrix, { models: ['x:1'], clients, jobAt, oncancel: () => undefined });
    expect(screen.getByRole('columnheader', { name: 'Client' })).toBeVisible();
    unmount();
    render(JobMatrix, { models: ['x:1', 'y:1'], clients, jobAt, oncancel: () => undefined });
    expect(screen.getByRole('columnheader', { name: 'Model' })).toBeVisible();
    expect(screen.getAllByText('queued')).toHaveLength(4);
  });
});

describe('MultiChoice', () => {
  const options = [
    { id: 'a', name: 'attic' },
    { id: 'b', name: 'cellar' },
  ];
  const choose = (chosen: 'all' | ReadonlySet<string>) => {
    const onchange = vi.fn<(chosen: 'all' | ReadonlySet<string>) => void>();
    const { container } = render(MultiChoice, { label: 'Clients', noun: 'client', options, chosen, onchange });
    return { onchange, container, summary: container.querySelector('summary')?.textContent };
  };

  it('says what is chosen', () => {
    expect(choose('all').summary).toContain('All clients');
    expect(choose(new Set()).summary).toContain('No client');
    expect(choose(new Set(['b'])).summary).toContain('cellar');
  });

  /** Open the list, as a click does: it is drawn only while it is open. */
  const open = async (container: HTMLElement) => {
    container.querySelector('details')?.setAttribute('open', '');
    const list = within(await screen.findByRole('group', { name: 'Clients' }));
    await list.findByText('None');
    return list;
  };

  it('has All and None, and becomes All again when the last one is added', async () => {
    const { onchange, container } = choose(new Set(['a']));
    const group = await open(container);
    group.getByText('None').click();
    group.getByText('All').click();
    group.getByLabelText('cellar').click();
    expect(onchange.mock.calls.map(([chosen]) => chosen)).toEqual([new Set(), 'all', 'all']);
  });

  it('takes one away from all', async () => {
    const { onchange, container } = choose('all');
    (await open(container)).getByLabelText('attic').click();
    expect(onchange).toHaveBeenCalledWith(new Set(['b']));
  });
});

it('ProblemNote says what to do', () => {
  render(ProblemNote, { problem: new Problem(0, 'unreachable', 'The server does not answer.') });
  expect(screen.getByRole('alert')).toHaveTextContent(/The server does not answer\..*obt-server serve/);
});

it('ModelName keeps the tag and gives the whole name on hover', () => {
  render(ModelName, { name: 'library/llama3.2:3b' });
  expect(screen.getByTitle('library/llama3.2:3b')).toHaveTextContent('library/llama3.2:3b');
});
