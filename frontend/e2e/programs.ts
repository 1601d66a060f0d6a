/** OBT's programs as a person starts them: real processes, with folders of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const START_MS = 30_000;
const STOP_MS = 8_000;

export function python(): string {
  const inVenv = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  return process.env.OBT_TEST_PYTHON ?? path.join(ROOT, '.venv', inVenv);
}

/** The environment without the developer's own settings. */
function cleanEnv(own: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OBT_|OLLAMA_)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), PYTHONUNBUFFERED: '1', ...own };
}

export class Program {
  #process: ChildProcess | undefined;
  readonly log: string;

  constructor(
    readonly name: string,
    readonly args: string[],
    readonly env: Record<string, string>,
    readonly folder: string,
    readonly cwd = folder,
  ) {
    mkdirSync(folder, { recursive: true });
    this.log = path.join(folder, `${name}.log`);
  }

  start(): void {
    const child = spawn(python(), this.args, {
      cwd: this.cwd,
      env: cleanEnv(this.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const log = createWriteStream(this.log, { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#process = child;
  }

  /** Everything that it has said. */
  text(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
  }

  /** Wait until it has said something that matches. */
  async said(pattern: RegExp): Promise<RegExpMatchArray> {
    return until(() => this.text().match(pattern), `${this.name} to say ${pattern}; it said:\n${this.text()}`);
  }

  /** End it, and wait for its end: killed at once, or kindly first. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
  }
}

/** Run a program to its end and return what it said. */
export async function told(args: string[], env: Record<string, string>, cwd: string): Promise<string> {
  const child = spawn(python(), args, { cwd, env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${err}`);
  return out;
}

/** Ask until the answer is truthy. */
export async function until<Answer>(ask: () => Answer | Promise<Answer>, what: string): Promise<NonNullable<Answer>> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Below the ports that a system gives by itself, to connections too: one of those may be gone before it is used. */
const [OWN_PORTS_FROM, OWN_PORTS_TO] = [10_000, 30_000];

/** A port that nobody has; a restarted server needs the same one again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(OWN_PORTS_FROM, OWN_PORTS_TO);
    if (await canListen(port)) return port;
  }
  throw new Error('no free port among a hundred');
}

async function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = net.createServer();
    listener.once('error', () => resolve(false));
    listener.listen(port, '127.0.0.1', () => listener.close(() => resolve(true)));
  });
}
