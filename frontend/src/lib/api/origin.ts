/**
 * Where the API is: the origin that the dashboard came from, or the one that its page names.
 *
 * `<meta name="obt-api">` is written at build time (PUBLIC_OBT_API), or into a finished copy by `obt-server dashboard`,
 * together with the policy that lets the page connect there.
 */

/** Such as `https://obt.example.net`; empty while a page is made on the build's machine. */
export function apiOrigin(): string {
  if (typeof document === 'undefined') return '';
  return named() ?? location.origin;
}

/** Whether the dashboard is hosted apart from its API. */
export function isHostedApart(): boolean {
  return typeof document !== 'undefined' && apiOrigin() !== location.origin;
}

/** The address of something on the API's origin, for links: files to download, scripts. */
export function apiUrl(path: string): string {
  return isHostedApart() ? apiOrigin() + path : path;
}

/** The address of the live socket. */
export function liveAddress(): string {
  return `${apiOrigin().replace(/^http/, 'ws')}/api/v1/live`;
}

function named(): string | null {
  const told = document.querySelector<HTMLMetaElement>('meta[name="obt-api"]')?.content.trim();
  try {
    return told ? new URL(told).origin : null;
  } catch {
    return null;
  }
}
