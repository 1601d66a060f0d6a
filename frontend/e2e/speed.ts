/** How fast the pages are: paints, scripts, long tasks, frames while scrolling. Prints one line of JSON a page. */
import { test, type BrowserContext, type Page } from '@playwright/test';
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const URL_HERE = process.env.OBT_SPEED_URL ?? '';
const OUT = process.env.OBT_SPEED_OUT ?? '';
const ROUTES = (process.env.OBT_SPEED_ROUTES ?? '/').split(' ');
const TIMES = Number(process.env.OBT_SPEED_TIMES ?? 5);
const SCROLL_MS = 8_000;
const READY_MS = 60_000;
/** The rows, tables and figures of a page: what a visitor waits for. */
const BUSY = '[aria-busy=true]';

interface Marks {
  first_paint_ms: number;
  largest_paint_ms: number;
  long_tasks_ms: number[];
  layout_shift: number;
}

declare global {
  interface Window {
    marks: Marks;
  }
}

/** Collects in the page from before its first script on. */
function observe(): void {
  const marks: Marks = { first_paint_ms: 0, largest_paint_ms: 0, long_tasks_ms: [], layout_shift: 0 };
  window.marks = marks;
  const see = (type: string, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  see('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') marks.first_paint_ms = entry.startTime;
  });
  see('largest-contentful-paint', (entry) => (marks.largest_paint_ms = entry.startTime));
  see('longtask', (entry) => marks.long_tasks_ms.push(entry.duration));
  see('layout-shift', (entry) => (marks.layout_shift += (entry as PerformanceEntry & { value: number }).value));
}

function tell(line: object): void {
  appendFileSync(OUT, `${JSON.stringify(line)}\n`);
}

async function freshPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(observe);
  return page;
}

/** Bytes of scripts and styles as they would come compressed by gzip, whatever the server used. */
async function weigh(page: Page): Promise<() => Promise<{ js_bytes: number; css_bytes: number; api_bytes: number }>> {
  const taken: Promise<[kind: string, bytes: number]>[] = [];
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    const address = new URL(response.url()).pathname;
    if (kind === 'script' || kind === 'stylesheet' || address.startsWith('/api/'))
      taken.push(
        response.body().then(
          (body) => [kind === 'script' ? 'js' : kind === 'stylesheet' ? 'css' : 'api', gzipSync(body).length],
          () => ['', 0],
        ),
      );
  });
  return async () => {
    const all = await Promise.all(taken);
    const sum = (wanted: string) => all.reduce((total, [kind, bytes]) => total + (kind === wanted ? bytes : 0), 0);
    return { js_bytes: sum('js'), css_bytes: sum('css'), api_bytes: sum('api') };
  };
}

async function visit(context: BrowserContext, route: string): Promise<object> {
  const page = await freshPage(context);
  const weight = await weigh(page);
  await page.goto(`${URL_HERE}${route}`, { waitUntil: 'load' });
  await page.waitForFunction((busy) => !document.querySelector(busy) && document.querySelector('main h1'), BUSY, {
    timeout: READY_MS,
  });
  const ready_ms = await page.evaluate(() => performance.now());
  await page.waitForLoadState('networkidle').catch(() => undefined); // a socket that talks is never idle
  const marks = await page.evaluate(() => window.marks);
  const bytes = await weight();
  await page.close();
  return { route, ready_ms, ...marks, ...bytes };
}

test('pages', async ({ browser }) => {
  for (const route of ROUTES)
    for (let time = 0; time < TIMES; time++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await signIn(context);
      tell(await visit(context, route));
      await context.close();
    }
});

test('scrolling the models while the fleet is live', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signIn(context);
  const page = await freshPage(context);
  await page.goto(`${URL_HERE}/models`);
  await page.waitForFunction((busy) => !document.querySelector(busy), BUSY, { timeout: READY_MS });
  await page.waitForTimeout(2_000);
  const seen = await page.evaluate(scroll, SCROLL_MS);
  tell({ route: '/models scrolling', ...seen });
  const before = await page.evaluate(() => (window.marks.long_tasks_ms = []).length);
  await page.waitForTimeout(SCROLL_MS);
  tell({ route: '/models live', since: before, long_tasks_ms: await page.evaluate(() => window.marks.long_tasks_ms) });
  await context.close();
});

/** Scroll down and up again, a bit every frame; tell what each frame took. */
async function scroll(lasts_ms: number): Promise<{ frames_ms: number[]; long_tasks_ms: number[] }> {
  const boxes = [...document.querySelectorAll<HTMLElement>('main *')].filter(
    (box) => box.scrollHeight > box.clientHeight + 1_000 && /auto|scroll/.test(getComputedStyle(box).overflowY),
  );
  const box = boxes[0] ?? document.scrollingElement ?? document.documentElement;
  window.marks.long_tasks_ms = [];
  const frames: number[] = [];
  const begin = performance.now();
  let last = begin;
  let step = 120;
  while (last - begin < lasts_ms) {
    box.scrollTop += step;
    if (box.scrollTop <= 0 || box.scrollTop + box.clientHeight >= box.scrollHeight - 1) step = -step;
    const now = await new Promise<number>((done) => requestAnimationFrame(done));
    frames.push(now - last);
    last = now;
  }
  return { frames_ms: frames.slice(1), long_tasks_ms: window.marks.long_tasks_ms };
}

async function signIn(context: BrowserContext): Promise<void> {
  const [name = '', value = ''] = (process.env.OBT_SPEED_COOKIE ?? '').split('=');
  await context.addCookies([{ name, value, url: URL_HERE }]);
}
