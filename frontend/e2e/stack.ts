/** A whole OBT for one file of tests: server, clients, and an Ollama whose speed is known. */
import type { Page } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Accounts, type Role } from './accounts';
import { bareClient, type BareClient } from './bare-client';
import { freePort, Program, ROOT, told, until } from './programs';

/** A model of the fake Ollama; the fields are those of `tests.fake_ollama.FakeModel`. */
export interface FakeModel {
  name: string;
  interval_ms?: number;
  ttft_ms?: number;
  load_ms?: number;
  jitter_ms?: number;
  family?: string;
  quantization?: string;
  parameter_size?: string;
  parameter_count?: number;
  size_bytes?: number;
  capabilities?: string[];
  remote_host?: string;
  slots?: number;
}

export const QUICK_MODEL: FakeModel = { name: 'sprinter:1b', interval_ms: 0.5, ttft_ms: 3, load_ms: 5, slots: 4 };

export class Stack {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'obt-e2e-'));
  readonly #programs: Program[] = [];
  #serverEnv: Record<string, string> = {};
  server!: Program;
  url = '';
  accounts!: Accounts;

  /** Start a server and nothing else; `settings` are its own, beside what every test needs. */
  static async start(settings: Record<string, string> = {}): Promise<Stack> {
    const stack = new Stack();
    const port = await freePort();
    stack.url = `http://127.0.0.1:${port}`;
    stack.accounts = new Accounts(stack.url, () => stack.setupLink());
    const built = process.env.OBT_STATIC_DIR;
    stack.#serverEnv = {
      OBT_DATA_DIR: path.join(stack.#folder, 'server'),
      OBT_PORT: String(port),
      ...(built && { OBT_STATIC_DIR: built }),
      ...settings,
    };
    stack.server = stack.#program('server', ['-m', 'obt_server', 'serve'], stack.#serverEnv);
    await stack.startServer();
    return stack;
  }

  async startServer(): Promise<void> {
    this.server.start();
    await until(() => answers(`${this.url}/readyz`), `the server to be ready; it said:\n${this.server.text()}`);
  }

  /** Start a fake Ollama; return its address. */
  async fakeOllama(models: FakeModel[]): Promise<string> {
    const name = `ollama-${this.#programs.length}`;
    const config = path.join(this.#folder, `${name}.json`);
    writeFileSync(config, JSON.stringify(models));
    const args = ['-m', 'tests.fake_ollama', '--port', '0', '--config', config, '--until-stdin-closes'];
    const program = this.#program(name, args, {}, ROOT);
    program.start();
    return (await program.said(/http:\/\/\S+/))[0];
  }

  /** Start a client beside an Ollama, with settings of its own. Without a token of a person's, one is made. */
  async client(name: string, ollama: string, token?: string, more: Record<string, string> = {}): Promise<Program> {
    const env = {
      OBT_SERVER_URL: this.url,
      OBT_OLLAMA_URL: ollama,
      OBT_CLIENT_NAME: name,
      OBT_CLIENT_DATA_DIR: path.join(this.#folder, name, 'data'),
      OBT_ENROL_TOKEN: token ?? (await this.token()),
      OBT_GUARD_CPU_PERCENT: '100', // what else runs beside the tests is theirs
      OBT_QUIET_WAIT_S: '0',
      ...more,
    };
    const program = this.#program(name, ['-m', 'obt_client', 'run'], env);
    program.start();
    return program;
  }

  /** A client that is told what to tell. */
  async bareClient(name: string, version = '0.1.0'): Promise<BareClient> {
    return bareClient(this.url, await this.token(), name, version);
  }

  /** Sign a page in as the administrator: with the session that the others share, or with one of its own. */
  async signIn(page: Page, whose: 'shared' | 'own' = 'shared'): Promise<void> {
    await this.#enter(page, await (whose === 'own' ? this.accounts.anew() : this.accounts.shared()));
  }

  /** Sign a page in as somebody of that role. */
  async signInAs(page: Page, role: Role): Promise<void> {
    await this.#enter(page, await this.accounts.shared(role));
  }

  async #enter(page: Page, cookie: string): Promise<void> {
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: this.url, httpOnly: true, sameSite: 'Strict' }]);
    await page.goto(this.url);
  }

  /** End the page's sign-in on the server, as time does. */
  async endSignIn(page: Page): Promise<void> {
    const [cookie] = await page.context().cookies();
    if (cookie) await this.accounts.end(`${cookie.name}=${cookie.value}`);
  }

  /** Write a copy of the dashboard that another web server hosts; return its folder. */
  async dashboardCopy(): Promise<string> {
    const folder = path.join(this.#folder, 'dashboard');
    await told(['-m', 'obt_server', 'dashboard', folder, '--api', this.url], this.#serverEnv, this.#folder);
    return folder;
  }

  /** The link of the first visit, as `serve` printed it. */
  async setupLink(): Promise<string> {
    return (await this.server.said(/http:\S+#setup=\S+/))[0];
  }

  /** A one-time link of the administrator's, made beside the server: that takes a program of its own. */
  async link(): Promise<string> {
    await this.accounts.shared();
    return (await told(['-m', 'obt_server', 'link'], this.#serverEnv, this.#folder)).trim();
  }

  /** An enrolment token, good for one machine. */
  async token(): Promise<string> {
    const wish = { label: 'of a test', uses: 1, expires_in_hours: 1 };
    return (await this.accounts.asked<{ token: string }>('POST', '/enrolment-tokens', wish)).token;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop('SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #program(name: string, args: string[], env: Record<string, string>, cwd?: string): Program {
    const program = new Program(name, args, env, path.join(this.#folder, name), cwd);
    this.#programs.push(program);
    return program;
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** Choose models and start, also what was measured lately; the page ends on the session. */
export async function startBenchmark(page: Page, url: string, models: string[]): Promise<void> {
  const query = models.map((name) => `model=${encodeURIComponent(name)}`).join('&');
  await page.goto(`${url}/benchmarks/new?${query}`);
  await page.getByText(/^\d+ jobs?\b/).waitFor();
  const again = page.getByRole('checkbox', { name: /^Measure again/ });
  if (await again.isVisible()) await again.check();
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.waitForURL(/\/benchmarks\/[0-9a-f-]{36}$/);
}
