/** One's own account and the ways in, over HTTP. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onSignedOut } from '$lib/api/client';
import { aServer, type TestServer } from '$lib/testing/server';
import { OwnAccount } from './own-account.svelte';
import { SigningIn } from './signing-in.svelte';

const API = '/api/v1';
let server: TestServer;
let stops: (() => void)[] = [];

beforeEach(async () => {
  server = await aServer(() => undefined);
});
afterEach(async () => {
  stops.forEach((stop) => stop());
  stops = [];
  await server.stop();
});

const refused = (status: number, code: string, detail: string) => ({ status, body: { status, code, detail } });
const sent = (method: string) => server.asked.filter((asked) => asked.method === method);
const session = (id: string, is_current: boolean) => ({ id, is_current });

describe('SigningIn', () => {
  it('is in when the password was right, and says so once', async () => {
    const entered = vi.fn(async () => undefined);
    server.answer = () => ({ status: 204 });
    expect(await new SigningIn(entered).byPassword('ada', 'secret')).toBe(true);
    expect(entered).toHaveBeenCalledOnce();
    expect(sent('POST')[0]?.body).toEqual({ name_or_email: 'ada', password: 'secret' });
  });

  it('keeps why a way in was refused, which says nothing of who is signed in', async () => {
    const [entered, signedOut] = [vi.fn(async () => undefined), vi.fn()];
    stops.push(onSignedOut(signedOut));
    server.answer = () => refused(401, 'wrong_password', 'Name or password is wrong.');
    const signing = new SigningIn(entered);
    expect(await signing.byPassword('ada', 'guess')).toBe(false);
    expect([signing.problem?.detail, signing.busy]).toEqual(['Name or password is wrong.', false]);
    expect(entered).not.toHaveBeenCalled();
    expect(signedOut).not.toHaveBeenCalled();
  });

  it('waits as long as the server says', async () => {
    server.answer = () => ({ ...refused(429, 'too_many_attempts', 'Wait.'), headers: { 'Retry-After': '8' } });
    const signing = new SigningIn(async () => undefined);
    expect(signing.waitS(Date.now())).toBe(0);
    await signing.byPassword('ada', 'guess');
    const now = Date.now();
    expect(signing.waitS(now)).toBeGreaterThan(0);
    expect(signing.waitS(now)).toBeLessThanOrEqual(8);
    expect(signing.waitS(now + 8_000)).toBe(0);
  });

  it('sends with the first visit and with a reset what makes each good', async () => {
    server.answer = () => ({ status: 204 });
    const signing = new SigningIn(async () => undefined);
    await signing.setUp({ secret: 's', name: 'ada', email: null, password: 'p' });
    await signing.reset('r', 'p');
    expect(sent('POST').map(({ path, body }) => [path, body])).toEqual([
      [`${API}/auth/setup`, { secret: 's', name: 'ada', email: null, password: 'p' }],
      [`${API}/auth/reset`, { secret: 'r', password: 'p' }],
    ]);
  });
});

describe('OwnAccount', () => {
  it('ends all other sessions, and shows what is left when one could not be ended', async () => {
    let sessions = [session('here', true), session('desk', false), session('phone', false)];
    server.answer = ({ method, path }) => {
      if (method === 'DELETE' && path.endsWith('phone')) return refused(404, 'not_found', 'It is over.');
      if (method === 'DELETE') sessions = sessions.filter(({ id }) => !path.endsWith(id));
      return method === 'DELETE' ? { status: 204 } : { body: path.endsWith('keys') ? { keys: [] } : { sessions } };
    };
    const own = new OwnAccount();
    stops.push(own.start());
    await vi.waitFor(() => expect(own.others.map(({ id }) => id)).toEqual(['desk', 'phone']));
    expect(await own.end(own.others)).toBe(false);
    expect(own.others.map(({ id }) => id)).toEqual(['phone']);
    expect([own.problemIn('sessions')?.detail, own.problemIn('keys')]).toEqual(['It is over.', null]);
  });

  it('keeps a new key’s text until it is revoked', async () => {
    const key = { id: 'k', name: 'nightly', key: 'obt_x' };
    server.answer = ({ method }) =>
      method === 'POST' ? { status: 201, body: key } : method === 'DELETE' ? { status: 204 } : { body: { keys: [] } };
    const own = new OwnAccount();
    expect(await own.createKey({ name: 'nightly', role: 'viewer', expires_in_days: 90 })).toBe(true);
    expect(own.created?.key).toBe('obt_x');
    await own.revokeKey({ ...key, role: 'viewer' } as never);
    expect(own.created).toBeNull();
  });

  it('says why a password was not changed', async () => {
    server.answer = () => refused(403, 'wrong_password', 'The present password is wrong.');
    const own = new OwnAccount();
    expect(await own.changePassword('guess', 'next')).toBe(false);
    expect(own.problemIn('password')?.code).toBe('wrong_password');
    expect(sent('POST')[0]?.body).toEqual({ current: 'guess', new: 'next' });
  });
});
