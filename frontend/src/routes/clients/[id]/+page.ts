// An ID is known in the browser only: this page is made there, from 200.html.
export const prerender = false;
export const ssr = false;
