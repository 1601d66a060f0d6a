/** How somebody comes to the page that signs in: by which link, or sent back from where. */

export interface Entrance {
  /** `setup`: to become the first administrator; `reset`: to choose a password; `link`: to be signed in at once. */
  way: 'setup' | 'reset' | 'link' | 'usual';
  /** What makes the link good, once. */
  secret: string;
  /** Why signing in elsewhere failed; empty where it did not. */
  reason: string;
}

const ELSEWHERE: Record<string, string> = {
  oidc_no_role:
    'You are known there, but have no role here, or may not sign in any more. An administrator of this server can change that.',
  oidc_failed:
    'Signing in elsewhere did not work, or took this browser too long. Try it again; the log of this server says why.',
};

/** Read it from the address: what stands behind `#` no server gets to see. */
export function entranceOf(hash: string, search: string): Entrance {
  const [, way, secret = ''] = /^#(?:(setup|reset)=)?(.+)$/.exec(hash) ?? [];
  const code = new URLSearchParams(search).get('problem');
  const reason = code === null ? '' : (ELSEWHERE[code] ?? ELSEWHERE.oidc_failed ?? '');
  if (!secret) return { way: 'usual', secret: '', reason };
  return { way: way === 'setup' || way === 'reset' ? way : 'link', secret, reason };
}
