import { readFileSync } from 'node:fs';
import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import Document from './components/help/Document.svelte';
import { anchor, blocksOf } from './markdown';

it('reads every part of our method, and shows it', () => {
  const markdown = readFileSync('../docs/measuring.md', 'utf8');
  const blocks = blocksOf(markdown);
  const kinds = new Set(blocks.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['code', 'heading', 'list', 'paragraph', 'table']);
  const { container } = render(Document, { blocks: blocks.slice(1) });
  const texts = (selector: string) => [...container.querySelectorAll(selector)].map((element) => element.textContent);
  expect(texts('h2')).toEqual([...markdown.matchAll(/^## (.+)$/gm)].map((heading) => heading[1]));
  expect(container.querySelector('h2')).toHaveAttribute('id', anchor(texts('h2')[0] ?? ''));
  expect(texts('table')).toHaveLength([...markdown.matchAll(/^\|[-|: ]+\|$/gm)].length);
  expect(texts('td code')).toContain('clocks_disagree');
});

it('makes no link to a file that the dashboard does not have', () => {
  render(Document, { blocks: blocksOf('See [suites](suites.md) and [there](https://example.net).') });
  expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['there']);
});

it('keeps the words of marks as they are', () => {
  const { container } = render(Document, {
    blocks: blocksOf('Of **all** `a < b` *is* <b> told.\n\n1. first\n2. `two`'),
  });
  expect(container.querySelector('p')?.textContent).toBe('Of all a < b is <b> told.');
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['first', 'two']);
});

it('refuses what it cannot show', () => {
  expect(() => blocksOf('> said')).toThrow('blockquote');
});
