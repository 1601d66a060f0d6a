/** A web server that knows nothing of OBT: files of a folder, `path.html`, and 200.html for what has no file. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

export interface WebServer {
  url: string;
  stop(): Promise<void>;
}

/** Host a folder on that port of the loopback. */
export async function hosted(folder: () => string, port = 0): Promise<WebServer> {
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://here').pathname.slice(1) || 'index.html';
    const file = [asked, `${asked}.html`, '200.html'].map((name) => path.join(folder(), name)).find(isFile) ?? '';
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, stop: () => closed(server) };
}

const isFile = (file: string) => existsSync(file) && statSync(file).isFile();

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
