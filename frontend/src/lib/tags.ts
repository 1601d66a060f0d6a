/** Tags as people type them: lower-case words, several in one field. */

/** As many as a client, or a token, may have. */
export const TAGS_MOST = 20;
const SLUG = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export interface TypedTags {
  tags: string[];
  /** Why they cannot be taken; empty where they can. */
  problem: string;
}

/** Read words that spaces or commas part. */
export function readTags(text: string): TypedTags {
  const tags = [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  ].sort();
  const wrong = tags.filter((tag) => !SLUG.test(tag));
  if (wrong.length) return { tags, problem: `Lower-case letters, digits, dot, dash and underscore: not ${wrong[0]}.` };
  return { tags, problem: tags.length > TAGS_MOST ? `${TAGS_MOST} tags are possible.` : '' };
}
