/** What a person does with clients. */
export type Deed = 'drain' | 'resume' | 'archive' | 'restore' | 'rotate-key' | 'revoke-key';

/** What is done with many at once. */
export interface BatchWish {
  add_tags?: string[];
  remove_tags?: string[];
  drained?: boolean;
}
