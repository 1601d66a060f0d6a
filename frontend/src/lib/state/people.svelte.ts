/** Everybody who may sign in, and what an administrator does about them. */
import { api, toProblem, unwrap, type Problem } from '$lib/api/client';
import type { NewPerson, PersonChange, PersonView } from '$lib/api/types';
import { byName, type Invitation } from '$lib/people';
import { Resource } from './resource.svelte';

export class PeopleList {
  readonly list = new Resource<PersonView[]>(async (signal) => {
    return (await unwrap(api.GET('/api/v1/people', { signal }))).people;
  });
  /** Why the last thing asked for was refused. */
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** The link that was made last. The server tells it once, and so it is gone with the page. */
  invitation = $state.raw<Invitation | null>(null);

  /** Fetch. Returns its own clean-up. */
  start(): () => void {
    void this.list.refresh();
    return () => this.list.stop();
  }

  /** Add somebody; `invitation` then has the link by which they choose a password. Returns whether that was done. */
  add(wish: NewPerson): Promise<boolean> {
    return this.#do(async () => {
      const { link, link_expires_at, ...person } = await unwrap(api.POST('/api/v1/people', { body: wish }));
      this.#take([...(this.list.data ?? []), person]);
      this.invitation = { name: person.name, link, expires_at: link_expires_at, isFirst: true };
    });
  }

  /** Another role, name or address; let in or not. Returns whether that was done. */
  change({ id }: PersonView, wish: PersonChange): Promise<boolean> {
    return this.#do(async () => {
      const params = { path: { person_id: id } };
      const person = await unwrap(api.PATCH('/api/v1/people/{person_id}', { params, body: wish }));
      this.#take((this.list.data ?? []).map((known) => (known.id === id ? person : known)));
    });
  }

  /** Forget somebody, with their sessions and keys. */
  remove({ id }: PersonView): Promise<boolean> {
    return this.#do(async () => {
      await unwrap(api.DELETE('/api/v1/people/{person_id}', { params: { path: { person_id: id } } }));
      this.#take((this.list.data ?? []).filter((known) => known.id !== id));
    });
  }

  /** Make a link by which somebody chooses another password. */
  invite({ id, name, has_password }: PersonView): Promise<boolean> {
    return this.#do(async () => {
      const params = { path: { person_id: id } };
      const made = await unwrap(api.POST('/api/v1/people/{person_id}/reset-link', { params }));
      this.invitation = { name, ...made, isFirst: !has_password };
    });
  }

  #take(people: PersonView[]): void {
    this.list.data = byName(people);
  }

  /** One refused is not always as it was here: what is shown is fetched anew. */
  async #do(ask: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await ask();
      this.problem = null;
      return true;
    } catch (thrown) {
      this.problem = toProblem(thrown);
      await this.list.refresh();
      return false;
    } finally {
      this.busy = false;
    }
  }
}
