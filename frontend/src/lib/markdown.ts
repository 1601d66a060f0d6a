/** Markdown of our own documents as a tree that components show: no text becomes HTML unseen. For the build alone. */
import { marked, type Token, type Tokens } from 'marked';

export type Inline =
  { kind: 'text' | 'code' | 'strong' | 'em'; text: string } | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: number; id: string; text: string }
  | { kind: 'paragraph'; inline: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

/** Read a document. Throws for what it has no component for, so that nothing is lost in silence. */
export function blocksOf(markdown: string): Block[] {
  return marked.lexer(markdown).flatMap((token) => blockOf(token));
}

function blockOf(token: Token): Block[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'heading':
      return [
        { kind: 'heading', level: token.depth as number, id: anchor(token.text as string), text: token.text as string },
      ];
    case 'paragraph':
      return [{ kind: 'paragraph', inline: inlineOf(token.tokens) }];
    case 'code':
      return [{ kind: 'code', text: token.text as string }];
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      return [{ kind: 'list', isOrdered: ordered, items: items.map((item) => inlineOf(item.tokens)) }];
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      const cells = (row: Tokens.TableCell[]) => row.map((cell) => inlineOf(cell.tokens));
      return [{ kind: 'table', head: cells(header), rows: rows.map(cells) }];
    }
    default:
      throw new Error(`No component shows a ${token.type} of Markdown`);
  }
}

function inlineOf(tokens: Token[] = []): Inline[] {
  return tokens.flatMap((token): Inline[] => {
    if (token.type === 'link') return [{ kind: 'link', text: plain(token), href: String(token.href) }];
    if (token.type === 'codespan') return [{ kind: 'code', text: plain(token) }];
    if (token.type === 'strong' || token.type === 'em') return [{ kind: token.type, text: plain(token) }];
    if ('tokens' in token && token.tokens) return inlineOf(token.tokens);
    return [{ kind: 'text', text: plain(token) }];
  });
}

const plain = (token: Token) => ('text' in token ? String(token.text) : token.raw).replace(/\s+/g, ' ');

/** As the links inside our documents name a heading. */
export function anchor(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-');
}
