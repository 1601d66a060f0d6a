/** A server for tests, over HTTP: the dashboard's own code asks it as it asks the real one. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
}

type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | undefined;
export type Answer = (asked: Asked) => Reply | Promise<Reply>;

export interface TestServer {
  asked: Asked[];
  answer: Answer;
  stop(): Promise<void>;
}

/** Listen on a free port and have every `fetch` of this page go there. */
export async function aServer(answer: Answer): Promise<TestServer> {
  const own: TestServer = { asked: [], answer, stop: async () => undefined };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const url = new URL(request.url ?? '/', 'http://test');
      const text = Buffer.concat(chunks).toString();
      const asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        body: text ? (JSON.parse(text) as unknown) : null,
      };
      own.asked.push(asked);
      const nothing = { status: 404, body: { detail: 'There is nothing here.', code: 'not_found' } };
      const { status = 200, body, headers } = { headers: {}, ...((await own.answer(asked)) ?? nothing) };
      const type = status < 400 ? 'application/json' : 'application/problem+json';
      response.writeHead(status, { 'Content-Type': type, ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const restore = pointFetchAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  own.stop = async () => {
    restore();
    await closed(server);
  };
  return own;
}

function pointFetchAt(origin: string): () => void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (!(input instanceof Request)) return real(new URL(String(input), origin), init);
    const url = new URL(input.url);
    const body = input.body === null ? undefined : await input.text();
    return real(origin + url.pathname + url.search, {
      method: input.method,
      headers: input.headers,
      body,
      signal: input.signal,
    });
  };
  return () => {
    globalThis.fetch = real;
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
