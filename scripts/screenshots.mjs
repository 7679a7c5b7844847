// Pictures of every page for docs/screenshots, light and dark, desktop and phone, from a running service with a finished run:
//   node scripts/screenshots.mjs http://127.0.0.1:3000
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import sharp from 'sharp';

const service = process.argv[2] ?? 'http://127.0.0.1:3000';
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'screenshots');
const QUALITY = 78;

const get = async (path) => (await fetch(`${service}/api${path}`)).json();

async function pages() {
  const models = await get('/models');
  const [model] = models;
  if (!model) throw new Error('The service has no model yet: build one first.');
  const { items } = await get(`/runs/${model.runId}/images?state=kept&limit=1`);
  const picture = Buffer.from(
    await (await fetch(`${service}/api/images/${items[0].id}/content`)).arrayBuffer(),
  );
  await correct(model, picture);
  const run = `/runs/${model.runId}`;
  return [
    { name: 'start', path: '/' },
    { name: 'run', path: run },
    { name: 'pictures', path: `${run}/pictures` },
    { name: 'picture', path: `${run}/pictures?sort=suspicion&picture=${items[0].id}` },
    { name: 'leaderboard', path: `${run}/leaderboard` },
    { name: 'try', path: `/models/${model.id}`, picture },
    { name: 'models', path: `/projects/${model.projectId}/models` },
    { name: 'schedule', path: `/projects/${model.projectId}/models?tab=schedule` },
    { name: 'feedback', path: `/projects/${model.projectId}/models?tab=feedback` },
  ];
}

/* global FormData, Blob -- of Node */
/** A correction to be decided, so that its page is not empty. */
async function correct({ id, labels }, picture) {
  const form = new FormData();
  form.append('label', labels[0]);
  form.append('predicted', labels[1]);
  form.append('picture', new Blob([picture]), 'picture');
  await fetch(`${service}/api/models/${id}/feedback`, { method: 'POST', body: form });
}

const SCREENS = {
  desktop: { viewport: { width: 1360, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/* global document -- this one runs in the page */
const settled = () =>
  document.querySelector('h1') !== null &&
  document.querySelector('.mantine-Skeleton-root, [role=status] .mantine-Loader-root') === null &&
  [...document.images].every((image) => image.complete) &&
  document.fonts.status === 'loaded';

async function shoot(browser, screen, colorScheme, all) {
  const context = await browser.newContext({
    ...SCREENS[screen],
    colorScheme,
    locale: 'en',
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  for (const { name, path, picture } of all) {
    await page.goto(service + path, { waitUntil: 'networkidle' });
    if (picture) {
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'picture.png', mimeType: 'image/png', buffer: picture });
      await page.locator('dl dt').first().waitFor();
      await page.getByRole('switch').click();
      await page.getByRole('img', { name: /what spoke for/ }).waitFor();
    }
    await page.waitForFunction(settled);
    const file = join(folder, `${name}-${screen}-${colorScheme}.webp`);
    await sharp(await page.screenshot())
      .webp({ quality: QUALITY, effort: 6 })
      .toFile(file);
    process.stdout.write(`${file}\n`);
  }
  await context.close();
}

await mkdir(folder, { recursive: true });
const executablePath = process.env.GRAFT_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const all = await pages();
for (const screen of Object.keys(SCREENS))
  for (const scheme of ['light', 'dark']) await shoot(browser, screen, scheme, all);
await browser.close();
