/** docs/measuring.md in blocks; made by vite.config.ts. */
declare module 'virtual:method' {
  import type { Block } from '$lib/markdown';

  const blocks: Block[];
  export default blocks;
}
