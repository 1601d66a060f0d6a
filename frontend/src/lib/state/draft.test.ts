/** A benchmark being put together, a suite being written, sessions being found: over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '$lib/api/types';
import { aClient, aModel, aSession, aSuite } from '$lib/testing/builders';
import { toldOf } from '$lib/testing/models';
import { aMeasuredPair, aPair, aPlan } from '$lib/testing/plans';
import { aServer, type Answer, type TestServer } from '$lib/testing/server';
import { Draft } from './draft.svelte';
import { fleet } from './fleet.svelte';
import { SessionList } from './sessions.svelte';
import { SuiteEdit } from './suite-edit.svelte';

const API = '/api/v1';
let server: TestServer;
let stops: (() => void)[] = [];

const told: Record<string, unknown> = {
  [`${API}/models`]: toldOf([aModel(), aModel({ name: 'b:1' })]),
  [`${API}/suites`]: { suites: [aSuite()] },
};
const answering =
  (more: Record<string, unknown>): Answer =>
  ({ path }) => {
    const body = { ...told, ...more }[path];
    return body === undefined ? undefined : { body };
  };
const problem = (status: number, detail: string) => ({ status, body: { status, code: 'a_code', detail, title: '' } });

beforeEach(async () => {
  server = await aServer(answering({}));
  fleet.hear([
    {
      type: 'snapshot',
      server_time: '',
      server_version: '0',
      clients: [aClient(), aClient({ id: 'cellar-1', name: 'cellar', tags: ['lab'] })],
      sessions: [],
      operations: [],
    } as LiveEvent,
  ]);
});
afterEach(async () => {
  stops.forEach((stop) => stop());
  stops = [];
  await server.stop();
});

async function aDraft(query: string, pairs = [aPair()]): Promise<Draft> {
  server.answer = answering({ [`${API}/sessions/plan`]: aPlan(pairs) });
  const draft = new Draft();
  stops.push(draft.start(new URLSearchParams(query)));
  await vi.waitFor(() => expect(draft.plan).not.toBeNull());
  return draft;
}
const asked = (path: string) => server.asked.filter((one) => one.path === path).at(-1)?.body;

describe('Draft', () => {
  it('asks what would happen, starts, and says why it was refused', async () => {
    const draft = await aDraft('model=llama3.2:3b&client=attic-1&model=removed');
    expect(asked(`${API}/sessions/plan`)).toMatchObject({ models: ['llama3.2:3b'], client_ids: ['attic-1'] });
    expect([draft.totals.jobs, draft.canStart, draft.query().get('model')]).toEqual([1, true, 'llama3.2:3b']);
    draft.title = '  Evening  ';
    draft.startsAt = '2026-12-01T02:00';
    server.answer = () => problem(422, 'No such model.');
    expect(await draft.submit()).toBeNull();
    expect(draft.problem?.detail).toBe('No such model.');
    server.answer = () => ({ status: 201, body: aSession() });
    expect(await draft.submit()).toBe('session-1');
    expect(asked(`${API}/sessions`)).toMatchObject({
      models: ['llama3.2:3b'],
      title: 'Evening',
      not_before: new Date('2026-12-01T02:00').toISOString(),
    });
  });

  it('does not start on a word about another choice', async () => {
    const draft = await aDraft('model=llama3.2:3b&client=attic-1');
    draft.toggleModel('b:1');
    expect([draft.isCurrent, draft.canStart]).toEqual([false, false]);
    await vi.waitFor(() => expect(draft.isCurrent).toBe(true));
    expect(asked(`${API}/sessions/plan`)).toMatchObject({ models: ['b:1', 'llama3.2:3b'] });
  });

  it('leaves out what was measured lately, pair by pair, until it is asked for', async () => {
    const draft = await aDraft('model=llama3.2:3b&model=b:1&client=attic-1', [
      aPair(),
      aMeasuredPair({ model: 'b:1' }),
    ]);
    server.answer = () => ({ status: 201, body: aSession() });
    await draft.submit();
    expect(asked(`${API}/sessions`)).toMatchObject({ pairs: [{ client_id: 'attic-1', model: 'llama3.2:3b' }] });
    draft.turnAgain(true);
    await draft.submit();
    expect(asked(`${API}/sessions`)).toMatchObject({ models: ['b:1', 'llama3.2:3b'], remeasure: true });
  });

  it('runs exactly the same again, and takes the tag that has the digest now', async () => {
    const again = {
      result_id: 'r1',
      client_id: 'attic-1',
      client_name: 'attic',
      is_archived: false,
      model: 'llama3.2:3b',
      model_digest: 'old',
      digest_now: 'new',
      tags_now: ['b:1'],
      suite: aSuite().suite,
      suite_hash: aSuite().hash,
      order_seed: 7,
      ended_at: '2026-11-21T09:00:00Z',
      ollama_version: '0.9.3',
      ollama_version_now: '0.9.4',
    };
    told[`${API}/sessions/again`] = again;
    const draft = await aDraft('again=r1');
    expect([draft.chosenModels, draft.again?.order_seed]).toEqual([['b:1'], 7]);
    server.answer = () => ({ status: 201, body: aSession() });
    await draft.submit();
    expect(asked(`${API}/sessions`)).toMatchObject({ order_seed: 7 });
    draft.isSameOrder = false;
    await draft.submit();
    expect(asked(`${API}/sessions`)).not.toHaveProperty('order_seed');
  });

  it('narrows clients by tag and name, and says how many have a model', async () => {
    const draft = await aDraft('model=llama3.2:3b&client=attic-1&client=cellar-1');
    expect([draft.tags, draft.installedOn('llama3.2:3b')]).toEqual([['lab'], 1]);
    draft.tag = 'lab';
    expect(draft.shownClients.map(({ name }) => name)).toEqual(['cellar']);
    draft.clientSearch = 'att';
    expect(draft.shownClients).toEqual([]);
  });
});

describe('SuiteEdit', () => {
  it('tells what is wrong at its field, and is saved once it is in order', async () => {
    const wrong = { suite: null, toml: null, problems: [{ line: 1, place: 'workloads[1].samples', text: 'is 0' }] };
    server.answer = answering({ [`${API}/suites/check`]: wrong });
    const edit = new SuiteEdit(aSuite());
    stops.push(() => edit.stop());
    expect([edit.draft.name, edit.isInOrder]).toEqual(['quick-edited', false]);
    await vi.waitFor(() => expect(edit.at('workloads[1].samples')).toBe('is 0'));
    expect(edit.isInOrder).toBe(false);
    server.answer = answering({
      [`${API}/suites/check`]: { suite: aSuite({ hash: 'h2' }), toml: 'x = 1', problems: [] },
    });
    edit.draft.name = 'mine';
    edit.changed();
    await vi.waitFor(() => expect(edit.isInOrder).toBe(true));
    expect([edit.view.hash, edit.toml]).toEqual(['h2', 'x = 1']);
    server.answer = () => ({ body: { ...aSuite({ saved: true }), saved_at: '', toml: '' } });
    expect(await edit.save()).not.toBeNull();
    expect(server.asked.at(-1)?.path).toBe(`${API}/suites/saved/mine`);
  });

  it('keeps its fields when a file cannot be taken', async () => {
    server.answer = answering({
      [`${API}/suites/check`]: { suite: null, toml: null, problems: [{ line: 3, place: 'blocks', text: 'is 0' }] },
    });
    const edit = new SuiteEdit(aSuite());
    stops.push(() => edit.stop());
    await edit.read('blocks = 0');
    expect(edit.fileProblems).toMatchObject([{ line: 3 }]);
    expect(edit.draft.blocks).toBe(aSuite().suite.blocks);
  });
});

describe('SessionList', () => {
  it('narrows by stage and words, in the address as on the server', async () => {
    server.answer = () => ({ body: { sessions: [aSession()], next: null } });
    const list = new SessionList();
    stops.push(list.start(new URLSearchParams('stage=scheduled&q=night')));
    await vi.waitFor(() => expect(list.list.data).toHaveLength(1));
    const queries = server.asked.map(({ query }) => query.toString());
    expect(queries).toContainEqual(expect.stringContaining('stage=scheduled&q=night'));
    expect(list.query().toString()).toBe('stage=scheduled&q=night');
    list.narrow({ stage: '', q: '' });
    expect(list.isNarrowed).toBe(false);
  });
});
