import type { Browser, Page } from 'playwright';

export interface FrameTimes {
  frames: number;
  medianMs: number;
  p95Ms: number;
  worstMs: number;
  /** Share of frames that took longer than two refreshes of a 60 Hz screen. */
  late: number;
}

/** What a first visit costs: bytes of script as they are sent, and when something and when the grid is seen. */
export interface FirstView {
  scriptBytesSent: number;
  styleBytesSent: number;
  firstPaintMs: number;
  gridMs: number;
}

/** A visit by a browser that has never been here. */
export async function firstView(browser: Browser, url: string, selector: string): Promise<FirstView> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const sent = { script: 0, stylesheet: 0 };
  const sizes: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    const type = request.resourceType();
    if (type !== 'script' && type !== 'stylesheet') return;
    sizes.push(request.sizes().then(({ responseBodySize }) => void (sent[type] += responseBodySize)));
  });
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector(selector);
  const gridMs = performance.now() - begun;
  await page.waitForLoadState('networkidle');
  await Promise.all(sizes);
  const firstPaintMs = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN",
  );
  await context.close();
  return {
    scriptBytesSent: sent.script,
    styleBytesSent: sent.stylesheet,
    firstPaintMs: Math.round(firstPaintMs),
    gridMs: Math.round(gridMs),
  };
}

/** Scrolls the grid at a steady pace for a while, and counts what each frame took. */
export async function scrollFrames(page: Page, pixelsAFrame: number, frames: number): Promise<FrameTimes> {
  const times = await page.evaluate<number[]>(`new Promise((done) => {
    const grid = document.querySelector('[role=listbox]');
    const times = [];
    let before = performance.now();
    const step = (now) => {
      times.push(now - before);
      before = now;
      grid.scrollTop += ${pixelsAFrame};
      if (times.length < ${frames}) requestAnimationFrame(step); else done(times.slice(1));
    };
    requestAnimationFrame(step);
  })`);
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(10 * (sorted[Math.floor(share * (sorted.length - 1))] ?? 0)) / 10;
  return {
    frames: times.length,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    worstMs: at(1),
    late: times.filter((time) => time > 2 * (1000 / 60)).length / times.length,
  };
}
