/** A client without a program: a key, and what it tells by hand. For what no real machine here can tell. */
import { randomUUID } from 'node:crypto';

export interface BareClient {
  id: string;
  /** Tell one thing: the path after `/clients/{id}`, and what. */
  beat(path: string, body: unknown): Promise<void>;
}

const PUT = new Set(['/hardware', '/models']);

/** Enrol with that token and beat once. */
export async function bareClient(url: string, token: string, name: string, version: string): Promise<BareClient> {
  const about = { client_id: name, name, nonce: randomUUID() + randomUUID(), protocol_version: 1 };
  const enrolled = await sent(`${url}/api/v1/clients`, 'POST', { token, ...about, client_version: version });
  const { key } = (await enrolled.json()) as { key: string };
  const beat = async (path: string, body: unknown) => {
    await sent(`${url}/api/v1/clients/${name}${path}`, PUT.has(path) ? 'PUT' : 'POST', body, key);
  };
  await beat('/heartbeat', {
    boot_id: randomUUID(),
    protocol_version: 1,
    client_version: version,
    state: 'idle',
    interval_s: 3_600,
    ollama: { reachable: true, version: '0.12.3', loaded: [] },
  });
  return { id: name, beat };
}

async function sent(url: string, method: string, body: unknown, key?: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) };
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${method} ${url} answered ${reply.status}: ${await reply.text()}`);
  return reply;
}
