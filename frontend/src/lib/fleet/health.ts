/** How clients fare. Pure functions. */
import type { ClientView } from '$lib/api/types';
import { HEALTH, type Health } from '$lib/words';

/** From the worst to none. */
export const HEALTHS = Object.keys(HEALTH) as Health[];
const RANK = new Map(HEALTHS.map((health, rank) => [health, rank]));

/** A client's row is never changed, but replaced: so what was said of it holds, and a sort asks for it often. */
const known = new WeakMap<ClientView, Health[]>();

/** Everything that is to be said of a client, the worst first: never empty. */
export function healthsOf(client: ClientView): readonly Health[] {
  let said = known.get(client);
  if (!said) known.set(client, (said = found(client)));
  return said;
}

function found(client: ClientView): Health[] {
  const isHere = client.presence === 'online' || client.presence === 'stale';
  const holds: Record<Health, boolean> = {
    offline: client.presence === 'offline',
    unusable: client.version_state === 'too_old' || client.version_state === 'too_new',
    ollama: isHere && client.ollama !== null && !client.ollama.reachable,
    stale: client.presence === 'stale',
    outdated: client.version_state === 'older' && client.client_version !== '',
    drained: client.drained_at !== null,
    new: client.presence === 'new',
    well: false,
  };
  const said = HEALTHS.filter((health) => holds[health]);
  return said.length ? said : ['well'];
}

/** The worst of it. */
export function healthOf(client: ClientView): Health {
  return healthsOf(client)[0] ?? 'well';
}

export function rankOf(client: ClientView): number {
  return RANK.get(healthOf(client)) ?? 0;
}

/** Who needs somebody first; then who measures; then by name. */
export function worstFirst(clients: readonly ClientView[], isBusy: (client: ClientView) => boolean): ClientView[] {
  const busy = (client: ClientView) => (isBusy(client) ? 0 : 1);
  return [...clients].sort((a, b) => rankOf(a) - rankOf(b) || busy(a) - busy(b) || a.name.localeCompare(b.name));
}

export interface Count {
  health: Health;
  /** Of how many this is to be said; a client may count several times. */
  clients: number;
  /** Of how many it is the worst: these add up to all. */
  worstOf: number;
}

export function countsOf(clients: readonly ClientView[]): Count[] {
  const said = clients.map(healthsOf);
  return HEALTHS.map((health) => ({
    health,
    clients: said.filter((all) => all.includes(health)).length,
    worstOf: said.filter(([worst]) => worst === health).length,
  })).filter(({ clients: times }) => times > 0);
}
