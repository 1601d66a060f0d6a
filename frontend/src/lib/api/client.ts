/** The one door to the server: typed by its OpenAPI, errors as `Problem`. */
import createClient from 'openapi-fetch';
import { apiOrigin } from './origin';
import type { components, paths } from './schema';

type FieldError = components['schemas']['FieldError'];

/** The server did not answer at all: no status. */
export const UNREACHABLE = 0;

/** Why a request failed: the server's own words (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** By which the server's log names this request; empty where it told none. */
    readonly requestId = '',
    /** What is wrong with which part of what was sent. */
    readonly errors: readonly FieldError[] = [],
    /** After so many seconds the server will listen again; null where it did not say. */
    readonly retryAfterS: number | null = null,
  ) {
    super(detail);
  }
}

/** Refused ways in: they say nothing of who is signed in. */
const ATTEMPTS = new Set(['wrong_password', 'link_invalid']);

type Told = () => unknown;
const signedOutListeners = new Set<Told>();
const refusedListeners = new Set<Told>();

/** Call `listener` whenever the server says that nobody is signed in. Returns its own clean-up. */
export function onSignedOut(listener: Told): () => void {
  return heard(signedOutListeners, listener);
}

/** Call `listener` whenever the server says that who is signed in may not: their role may be another now. */
export function onRefused(listener: Told): () => void {
  return heard(refusedListeners, listener);
}

function heard(listeners: Set<Told>, listener: Told): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tell everybody that nobody is signed in. */
export function announceSignedOut(): void {
  signedOutListeners.forEach((listener) => listener());
}

// Looked up at each call, not once: so that it can be replaced after this module was loaded.
export const api = createClient<paths>({
  baseUrl: apiOrigin(),
  // The cookie goes to an API on another port or subdomain too; SameSite=Strict keeps it from any other site.
  credentials: 'include',
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Wait for an answer and return its data. Throws a Problem. */
export async function unwrap<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const answer = await asked.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  });
  if (answer.response.ok) return answer.data as Data;
  const problem = problemOf(answer);
  if (problem.status === 401 && !ATTEMPTS.has(problem.code)) announceSignedOut();
  if (problem.code === 'forbidden') refusedListeners.forEach((listener) => listener());
  throw problem;
}

/**
 * Ask for a long answer, as a stream (`parseAs: 'stream'`), and make data of it. Where its ETag tells that it is the
 * last one again, the same data is returned and nothing is read.
 */
export function madeOnce<Told, Data>(
  ask: (signal: AbortSignal) => Promise<Answer<ReadableStream | null>>,
  make: (told: Told, signal: AbortSignal) => Promise<Data>,
): (signal: AbortSignal) => Promise<Data> {
  let known: { etag: string; data: Data } | null = null;
  return async (signal) => {
    const asked = ask(signal);
    const body = await unwrap(asked);
    const etag = (await asked).response.headers.get('ETag');
    if (known && known.etag === etag) {
      void body?.cancel();
      return known.data;
    }
    const data = await make((await new Response(body).json()) as Told, signal);
    known = etag === null ? null : { etag, data };
    return data;
  };
}

/** Make a Problem of whatever was thrown. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(UNREACHABLE, 'unexpected', thrown instanceof Error ? thrown.message : String(thrown));
}

/** The server did not answer. */
export function unreachable(): Problem {
  if (typeof navigator !== 'undefined' && !navigator.onLine)
    return new Problem(UNREACHABLE, 'offline', 'This device has no network.');
  return new Problem(UNREACHABLE, 'unreachable', 'The server does not answer. Is obt-server running?');
}

function problemOf({ error, response }: Answer<unknown>): Problem {
  const told = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  // A proxy in front of a server that is away answers 502 to 504 without a problem of ours.
  if (response.status >= 502 && typeof told.detail !== 'string') return unreachable();
  const detail = typeof told.detail === 'string' ? told.detail : `The server answered ${response.status}.`;
  const code = typeof told.code === 'string' ? told.code : 'unknown';
  const errors = Array.isArray(told.errors) ? (told.errors as FieldError[]) : [];
  const wait = response.headers.get('Retry-After');
  const requestId = response.headers.get('X-Request-ID') ?? '';
  return new Problem(response.status, code, detail, requestId, errors, wait === null ? null : Number(wait));
}
