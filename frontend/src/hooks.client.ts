/** What happens in a browser before the page comes to life. */
import { aTurn } from '$lib/turns';

/** Reading the scripts was one long piece of work, the page's coming to life is the next: a key or a tap goes between. */
export const init = aTurn;
