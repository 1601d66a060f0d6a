import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { expect, it, vi } from 'vitest';
import ChartActions from './ChartActions.svelte';

const snippet = (html: string) => createRawSnippet(() => ({ render: () => html }));
const children = snippet('<p>the chart</p>');
const table = snippet('<table><tbody><tr><td>42</td></tr></tbody></table>');

it('holds the figures as a table that is made when it is asked for', async () => {
  render(ChartActions, { title: 'Decode rate', children, table });
  expect(screen.getByText('the chart')).toBeVisible();
  expect(screen.queryByRole('table')).toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'As a table: Decode rate' }));
  expect(screen.getByRole('region', { name: 'Decode rate, as a table' })).toHaveTextContent('42');
  await fireEvent.click(screen.getByRole('button', { name: 'Hide table: Decode rate' }));
  expect(screen.queryByRole('table')).toBeNull();
});

it('offers no table where there is none', () => {
  render(ChartActions, { title: 'Decode rate', children });
  expect(screen.getByRole('button')).toHaveAccessibleName('Save as PNG: Decode rate');
});

it('says so where a browser cannot draw', async () => {
  render(ChartActions, { title: 'Decode rate', children });
  // As browsers do with a picture that is too large for them.
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) => done(null));
  await fireEvent.click(screen.getByRole('button', { name: 'Save as PNG: Decode rate' }));
  expect(await screen.findByRole('status')).toHaveTextContent('could not draw');
});
