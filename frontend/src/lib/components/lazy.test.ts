import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet, tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import Lazy from './Lazy.svelte';

const children = createRawSnippet((part: () => string) => ({ render: () => `<p>${part()}</p>` }));
const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
const there = (text = 'the chart') => Promise.resolve({ default: text });
const show = (load: () => Promise<{ default: string }>, props = {}) =>
  render(Lazy<string>, { what: 'The chart', load, children, ...props });

/** jsdom has no observer of what is in sight. */
class Sight {
  static seen: (() => void)[] = [];
  constructor(readonly tell: (entries: { isIntersecting: boolean }[]) => void) {}
  observe(): void {
    Sight.seen.push(() => this.tell([{ isIntersecting: true }]));
  }
  disconnect(): void {}
}

afterEach(() => vi.unstubAllGlobals());

describe('Lazy', () => {
  it('keeps the place of a part until it is there', async () => {
    const { container } = show(() => there(), { place: 'h-80' });
    expect(container.querySelector('.h-80')).toHaveAttribute('aria-busy', 'true');
    expect(await screen.findByText('the chart')).toBeVisible();
    expect(container.querySelector('.h-80')).toBeNull();
  });

  it('says that a part could not be fetched, and fetches it when asked to', async () => {
    const load = vi.fn<() => Promise<{ default: string }>>(gone);
    show(load);
    expect(await screen.findByRole('alert')).toHaveTextContent('The chart could not be fetched');
    expect(screen.queryByRole('button', { name: 'Load the page anew' })).toBeNull();
    load.mockImplementation(() => there());
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('the chart')).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('offers the page anew where trying again does not help: a new release has other files', async () => {
    show(gone);
    await fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'Load the page anew' })).toBeEnabled();
  });

  it('tries again by itself when the network is back', async () => {
    const load = vi.fn<() => Promise<{ default: string }>>(gone);
    show(load);
    await screen.findByRole('alert');
    load.mockImplementation(() => there());
    await fireEvent(window, new Event('online'));
    expect(await screen.findByText('the chart')).toBeVisible();
  });

  it('asks once more for a style sheet that did not come, and leaves the others', async () => {
    const sheet = (of: object | null) => {
      const link = document.head.appendChild(document.createElement('link'));
      link.rel = 'stylesheet';
      Object.defineProperty(link, 'sheet', { value: of });
      return link;
    };
    const [missing, present] = [sheet(null), sheet({})];
    show(gone);
    await fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(missing).not.toBeInTheDocument();
    expect(present).toBeInTheDocument();
    expect(document.head.querySelectorAll('link[rel=stylesheet]')).toHaveLength(2);
    document.head.replaceChildren();
  });
});

describe('a part below the fold', () => {
  it('is fetched when it comes near what is in sight', async () => {
    vi.stubGlobal('IntersectionObserver', Sight);
    const load = vi.fn(() => there());
    const { container } = show(load, { place: 'h-80', whenWanted: true });
    await tick();
    expect(load).not.toHaveBeenCalled();
    expect(container.querySelector('.h-80')).toBeEmptyDOMElement();
    Sight.seen.at(-1)?.();
    expect(await screen.findByText('the chart')).toBeVisible();
  });

  it('is fetched some seconds later at the latest', async () => {
    vi.stubGlobal('IntersectionObserver', Sight);
    vi.useFakeTimers();
    const load = vi.fn(() => there());
    show(load, { whenWanted: true });
    await tick();
    expect(load).not.toHaveBeenCalled();
    vi.runOnlyPendingTimers();
    vi.useRealTimers();
    expect(await screen.findByText('the chart')).toBeVisible();
  });

  it('is fetched as soon as somebody begins to use the page, so that a search in it finds all', async () => {
    vi.stubGlobal('IntersectionObserver', Sight);
    const load = vi.fn(() => there());
    show(load, { whenWanted: true });
    await fireEvent.keyDown(window, { key: 'Control' });
    expect(await screen.findByText('the chart')).toBeVisible();
    show(load, { whenWanted: true });
    await vi.waitFor(() => expect(screen.getAllByText('the chart')).toHaveLength(2));
  });
});
