import { expect, it } from 'vitest';
import { aClient, aModel } from '$lib/testing/builders';
import { cellKey, plan } from './plan';

const attic = aClient();
const cellar = aClient({ id: 'cellar-1', name: 'cellar', presence: 'offline' });
const models = [
  aModel({ name: 'a' }),
  aModel({ name: 'b' }),
  aModel({ name: 'embed', capabilities: ['embedding'] }),
  aModel({ name: 'cloud', cloud: true }),
  aModel({ name: 'a', client_id: 'cellar-1' }),
];
const installed = new Map(models.map((model) => [cellKey(model.name, model.client_id), model]));

it('says of every pair what will become of it', () => {
  const made = plan(['a', 'b', 'embed', 'cloud'], [attic, cellar], installed, 70);
  const cell = (model: string, client: string) => made.cells.get(cellKey(model, client));
  expect(cell('a', 'attic-1')).toEqual({ kind: 'ready' });
  expect(cell('embed', 'attic-1')).toEqual({ kind: 'skip', reason: 'embeddings_only' });
  expect(cell('cloud', 'attic-1')).toEqual({ kind: 'skip', reason: 'cloud_model' });
  expect(cell('a', 'cellar-1')).toEqual({ kind: 'waits' });
  expect(cell('b', 'cellar-1')).toEqual({ kind: 'skip', reason: 'not_installed' });
  expect([made.jobs, made.waiting, made.skipped]).toEqual([3, 1, 5]);
});

it('gives no work to a client whose release does not get along with the server', () => {
  const of = (version_state: 'too_old' | 'too_new' | 'older') =>
    plan(['a'], [aClient({ version_state })], installed, 70).cells.get(cellKey('a', 'attic-1'));
  expect(of('too_old')).toEqual({ kind: 'skip', reason: 'client_outdated' });
  expect(of('too_new')).toEqual({ kind: 'skip', reason: 'server_outdated' });
  expect(of('older')).toEqual({ kind: 'ready' });
});

it('bounds the time by the busiest client: clients work side by side', () => {
  expect(plan(['a', 'b'], [attic, cellar], installed, 70).longest_s).toBe(140);
});

it('plans nothing from nothing', () => {
  expect(plan([], [], installed, 70)).toMatchObject({ jobs: 0, waiting: 0, skipped: 0, longest_s: 0 });
});
