/** The people of a test's server: made over HTTP, as the dashboard makes them. */

export type Role = 'viewer' | 'operator' | 'administrator';
export const NAMES: Record<Role, string> = { viewer: 'vera', operator: 'omar', administrator: 'ada' };
export const PASSWORD = 'plum anvil harbour quilt';

export class Accounts {
  /** Cookies, as `name=value`: one session each, shared by all pages of a file that do not end it. */
  readonly #shared = new Map<Role, Promise<string>>();
  readonly #made = new Set<Role>();
  readonly #url: string;
  readonly #setupLink: () => Promise<string>;

  /** `setupLink` is asked for the link that `serve` prints while there is nobody. */
  constructor(url: string, setupLink: () => Promise<string>) {
    [this.#url, this.#setupLink] = [url, setupLink];
  }

  /** The session that all pages of that role share. Asked for by several at once, it is begun once. */
  shared(role: Role = 'administrator'): Promise<string> {
    const known = this.#shared.get(role);
    if (known) return known;
    const cookie = this.#made.has(role) ? this.anew(role) : this.#make(role);
    this.#shared.set(role, cookie);
    cookie.catch(() => this.#shared.delete(role));
    return cookie;
  }

  /** Somebody of that role was made by hand, with their name and password from here. */
  isMade(role: Role): void {
    this.#made.add(role);
  }

  /** Shared sessions were ended by a page: begin others where they are asked for. */
  forget(): void {
    this.#shared.clear();
  }

  /** A session of one's own, by the password. */
  async anew(role: Role = 'administrator'): Promise<string> {
    if (!this.#made.has(role)) await this.shared(role);
    const reply = await this.sent('POST', '/auth/sign-in', { name_or_email: NAMES[role], password: PASSWORD });
    return cookieOf(reply);
  }

  /** End a session on the server, as time does. */
  async end(cookie: string): Promise<void> {
    await this.sent('POST', '/auth/sign-out', undefined, cookie);
    for (const [role, shared] of this.#shared) if ((await shared) === cookie) this.#shared.delete(role);
  }

  /** Ask the API as an administrator. */
  async asked<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return (await (await this.sent(method, path, body, await this.shared())).json()) as Answer;
  }

  /** Send a request as a browser does. Throws what the server said where it refused. */
  async sent(method: string, path: string, body?: unknown, cookie?: string): Promise<Response> {
    const headers = {
      Origin: this.#url,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(cookie && { Cookie: cookie }),
    };
    const reply = await fetch(`${this.#url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`);
    return reply;
  }

  async #make(role: Role): Promise<string> {
    const reply = await (role === 'administrator' ? this.#setUp(NAMES[role]) : this.#invite(NAMES[role], role));
    this.#made.add(role);
    return cookieOf(reply);
  }

  async #setUp(name: string): Promise<Response> {
    const secret = (await this.#setupLink()).split('#setup=')[1];
    return this.sent('POST', '/auth/setup', { secret, name, password: PASSWORD });
  }

  async #invite(name: string, role: Role): Promise<Response> {
    const { link } = await this.asked<{ link: string }>('POST', '/people', { name, role });
    const secret = link.split('#reset=')[1];
    return this.sent('POST', '/auth/reset', { secret, password: PASSWORD });
  }
}

function cookieOf(reply: Response): string {
  return reply.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
