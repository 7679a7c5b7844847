import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { chromiumPath } from '../../integration/browser/chromium.js';
import { texturedPicture } from '../../support/odd-pictures.js';

// Where everything is tested a missing browser is a fault, not a reason to skip.
if (process.env.CI && !chromiumPath) throw new Error('CI needs Chromium: `apt install chromium`.');

/** The browser of this machine; it refuses its sandbox to root and in many containers. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? undefined,
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARDS = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);

/** Text that fades in has too little contrast for a moment, which nobody reads: what moves comes to rest first. */
const AT_REST = `Promise.all(document.getAnimations()
  .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
  .map(({ finished }) => finished.catch(() => undefined)))`;

/** What axe-core finds wrong with the page once it is at rest, in words. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AT_REST);
  await page.evaluate(await axeSource);
  return page.evaluate<string[]>(`axe.run(document, { runOnly: ${STANDARDS} }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 300) + ' ' + failureSummary)))`);
}

/** Folders of small pictures of one hue each, as a person would have them. */
export async function ownFolders(
  base: string,
  hues: Readonly<Record<string, number>>,
  each: number,
): Promise<string[]> {
  return Promise.all(
    Object.entries(hues).map(async ([name, hue]) => {
      const folder = join(base, name);
      await mkdir(folder);
      for (let i = 0; i < each; i++)
        await writeFile(join(folder, `${i}.png`), await texturedPicture(hue * 3000 + i + 1, { hue }));
      return folder;
    }),
  );
}

/** A page whose errors are kept: a test that passes on a page with errors has not looked. */
export async function openPage(context: BrowserContext): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A thumbnail of bytes that are no picture is refused, which the browser reports by itself.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  return { page, errors };
}
