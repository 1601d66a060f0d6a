import { replaceState } from '$app/navigation';

/** What the address asks for, as the browser shows it: after Back, `page.url` is the one before `tellQuery`. */
export const askedQuery = (): URLSearchParams => new URLSearchParams(location.search);

/** Let the address follow what is shown, so that a view can be sent to somebody and outlives a reload. */
export function tellQuery(query: URLSearchParams): void {
  const search = query.size ? `?${query.toString()}` : '';
  if (search !== location.search) replaceState(search || location.pathname, {});
}
