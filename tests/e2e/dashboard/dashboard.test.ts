import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionView, ImageView, ModelView, Report, RunView } from '../../../src/http/api.js';
import type { FeedbackView, ScheduleView } from '../../../src/http/api/retraining.js';
import { chromiumPath } from '../../integration/browser/chromium.js';
import { graft } from '../../support/graft-process.js';
import { request, startServiceProcess, type ServiceProcess } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { launch, openPage, ownFolders, violations } from './lab.js';

const NAMES = ['drink', 'building'];

interface Images {
  total: number;
  items: ImageView[];
}

/** One service, one browser and one project for all of it, in the order in which a person would meet it. */
describe.skipIf(!chromiumPath)('the dashboard in a real browser', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let own: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];
  let run: RunView;

  const get = <T>(path: string): Promise<T> => request<T>(`${service.url}/api${path}`);
  const runIdOf = (): string => /\/runs\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? '';
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });

  beforeAll(async () => {
    folder = await temporaryFolder();
    own = await temporaryFolder();
    service = await startServiceProcess(folder.path);
    browser = await launch();
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en',
      permissions: ['camera'],
    });
    ({ page, errors } = await openPage(context));
  });
  afterAll(async () => {
    await browser?.close();
    await service?.kill('SIGTERM');
    await folder?.remove();
    await own?.remove();
  });

  it('takes a pasted list of names, says what it will take, and builds with one click', async () => {
    await page.goto(service.url);
    await button('Build the model').waitFor();
    expect(await button('Build the model').isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    const names = page.getByRole('combobox', { name: 'Categories' });
    await names.pressSequentially(NAMES.join(','));
    await names.press('Enter');
    for (const source of ['Openverse', 'Wikimedia Commons', 'iNaturalist', 'Sample gallery'])
      await page.getByRole('checkbox', { name: new RegExp(`^${source}`) }).click();
    await page.getByRole('textbox', { name: 'Pictures per category' }).fill('16');
    await button('More settings').click();
    // A click waits until the settings have unfolded; a list that opens before that is hidden with them.
    const backbones = page.getByRole('combobox', { name: 'Backbones' });
    await backbones.click();
    await backbones.fill('nsfwjs-mobilenet-v2');
    await page.getByRole('option', { name: 'nsfwjs-mobilenet-v2', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Mirrored and cropped' }).check();
    expect(await violations(page)).toEqual([]);
    await page.getByText('32', { exact: true }).waitFor();
    await button('Build the model').click();
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
  });

  it('shows the run live, cancels it, and goes on with it to a model', async () => {
    const flow = page.getByRole('region', { name: 'From search to model' });
    await flow.locator('[data-stage="fetch"]:not([data-state="pending"])').waitFor();
    await button('Cancel').click();
    await page.getByText('Cancelled', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await button('Resume').click();
    await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 180_000 });
    run = await get<RunView>(`/runs/${runIdOf()}`);
    expect([run.state, run.error]).toEqual(['succeeded', null]);
    expect(run.settings).toMatchObject({ augment: true, ensemble: null });
    await flow.getByText(`${run.counts.candidates} pictures found`).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('lets a person review by keyboard alone: keep, drop, move, undo, story', async () => {
    await page.getByRole('link', { name: 'Pictures' }).first().click();
    const grid = page.getByRole('listbox', { name: /^Pictures/ });
    await page.getByRole('option').first().waitFor();
    for (let presses = 0; presses < 60; presses++) {
      if (await grid.evaluate((element) => element === element.ownerDocument.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    const { items } = await get<Images>(`/runs/${run.id}/images`);
    const sha = (place: number): string => items[place]?.sha256 ?? '';
    // The first three that were stored, wherever they stand.
    const places = items.flatMap((item, place) => (item.sha256 === null ? [] : [place])).slice(0, 3);
    const goTo = async (place: number): Promise<void> => {
      await page.keyboard.press('Home');
      for (let step = 0; step < place; step++) await page.keyboard.press('ArrowRight');
    };
    const saved = (): Promise<Record<string, string>> =>
      get<DecisionView[]>(`/projects/${run.projectId}/decisions`).then((all) =>
        Object.fromEntries(
          all.map(({ sha256, action, category }) => [sha256, [action, category].filter(Boolean).join(' ')]),
        ),
      );
    await goTo(places[0] ?? 0);
    await page.keyboard.press('k');
    await goTo(places[1] ?? 1);
    await page.keyboard.press('d');
    await goTo(places[2] ?? 2);
    await page.keyboard.press('2');
    await page.getByText('3 decisions for the next run').waitFor();
    await page.keyboard.press('u');
    await page.getByText('2 decisions for the next run').waitFor();
    await goTo(places[0] ?? 0);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Story of a picture' }).getByText('Download').waitFor();
    expect(page.url()).toContain(`picture=${items[places[0] ?? 0]?.id}`);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect
      .poll(saved)
      .toEqual({ [sha(places[0] ?? 0)]: `keep ${NAMES[0]}`, [sha(places[1] ?? 1)]: 'drop' });
  });

  it('filters by the address, shows copies side by side, and what a query is worth', async () => {
    await page.goto(`${service.url}/runs/${run.id}/pictures?state=dropped`);
    const dropped = Object.values(run.counts.dropped).reduce((sum, count) => sum + count, 0);
    await page.getByText(`${dropped} pictures`, { exact: true }).waitFor();
    await page.getByText('Copies', { exact: true }).click();
    await page
      .getByText(/copies of one picture/)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByText('Queries', { exact: true }).click();
    await button('Without it?').first().click();
    await page.getByText(/kept now, \d+ without it/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('builds again with the decisions, and the dropped picture is gone', async () => {
    await page.goto(`${service.url}/runs/${run.id}/pictures`);
    await button('Build again').click();
    await page.waitForURL((url) => !url.pathname.includes(run.id));
    await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 180_000 });
    const second = await get<Images>(`/runs/${runIdOf()}/images?reason=excluded-by-user`);
    expect(second.total).toBeGreaterThanOrEqual(1);
  });

  it('shows the leaderboard as a table and as pictures, with the winner in it', async () => {
    await page.getByRole('link', { name: 'Leaderboard' }).first().click();
    await page.getByRole('figure').locator('svg').first().waitFor();
    expect(await page.getByRole('img', { name: 'Chosen' }).count()).toBe(1);
    const { selection } = await get<Report>(`/runs/${runIdOf()}/report`);
    const floor = page.getByRole('region', { name: 'Trials' }).getByRole('row', { name: /^floor / });
    expect(selection?.floor.length).toBe(2);
    expect(await floor.count()).toBe(2);
    for (const chart of ['Time', 'Heads', 'Depth']) {
      await page.getByText(chart, { exact: true }).click();
      await page.getByRole('figure').locator('svg').first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });

  it('says what is wrong and what mends it, how much more would help, and opens a cell onto its pictures', async () => {
    const { learningCurve, diagnosis, confusion } = await get<Report>(`/runs/${runIdOf()}/report`);
    const findings = page.getByRole('region', { name: 'What is wrong with it?' }).getByRole('article');
    await expect.poll(() => findings.count()).toBe(diagnosis.length);
    const curve = page.getByRole('region', { name: 'Would more help?' });
    await curve.getByRole('row').nth(1).waitFor();
    expect(await curve.getByRole('row').count()).toBe(1 + (learningCurve?.categories.length ?? 0));
    const [drink] = NAMES;
    const right = confusion?.counts[0]?.[0] ?? 0;
    await page.getByRole('button', { name: `${drink}: ${right} of`, exact: false }).click();
    const cell = page.getByRole('dialog', { name: drink });
    await cell.getByText(`${right} pictures`).waitFor();
    await expect.poll(() => cell.getByRole('link').count()).toBe(Math.min(right, 48));
    expect(page.url()).toContain(`truth=${drink}&predicted=${drink}`);
    expect(await violations(page)).toEqual([]);
    const board = page.url();
    await cell.getByRole('link').first().click();
    await page.getByRole('complementary', { name: 'Story of a picture' }).waitFor();
    await page.goto(board.split('?')[0] ?? board);
    await page.getByRole('link', { name: 'Get more pictures' }).first().click();
    await page.getByRole('heading', { name: `More pictures for ${NAMES.join(', ')}` }).waitFor();
    expect(await page.getByRole('checkbox', { name: /^Sample gallery/ }).isChecked()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.goto(board.split('?')[0] ?? board);
  });

  it('predicts a picture that is chosen, pasted or photographed', async () => {
    await page.getByRole('link', { name: 'Try it' }).first().click();
    const { items } = await get<Images>(`/runs/${run.id}/images?state=kept&category=${NAMES[1]}`);
    const bytes = Buffer.from(
      await (await fetch(`${service.url}/api/images/${items[0]?.id}/content`)).arrayBuffer(),
    );
    const picture = join(own.path, 'building.png');
    await writeFile(picture, bytes);
    await page.locator('input[type=file]').setInputFiles(picture);
    await page.getByText(/sure$/).waitFor();
    const told = (await page.locator('dl dt').allTextContents()).toSorted();
    expect(told).toEqual(NAMES.toSorted());
    expect(await violations(page)).toEqual([]);
    await button('Camera').click();
    await page
      .locator('video')
      .evaluate(
        (video: { readyState: number; onplaying: unknown }) =>
          new Promise((resolve) => (video.readyState >= 2 ? resolve(null) : (video.onplaying = resolve))),
      );
    await button('Take the picture').click();
    await page.getByRole('img', { name: 'The picture you chose' }).waitFor();
    await page.getByText(/sure$/).waitFor();
  });

  it('takes a pasted picture, shows where it looked, and hands a correction on to be decided', async () => {
    const bytes = [...(await readFile(join(own.path, 'building.png')))];
    // In words, since this file is compiled without the types of a browser.
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array(${JSON.stringify(bytes)})], 'pasted.png', { type: 'image/png' }));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
    }`);
    await page.locator('dl dt').first().waitFor();
    await page.getByRole('switch', { name: 'Show where it looked' }).click();
    await page.getByRole('img', { name: /what spoke for/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    const [said] = await page.locator('dl dt').allTextContents();
    const rather = NAMES.find((name) => name !== said) ?? '';
    await button(rather).click();
    await page.getByText(`That it is ${rather} waits to be accepted`).waitFor();
    await page.goto(`${service.url}/projects/${run.projectId}/models?tab=feedback`);
    const card = page.getByRole('article', { name: `not ${said}: ${rather}` });
    await card.getByRole('img').waitFor();
    expect(await violations(page)).toEqual([]);
    await card.getByRole('button', { name: 'Accept' }).click();
    await card.getByText('Accepted').waitFor();
    const [correction] = await get<FeedbackView[]>(`/projects/${run.projectId}/feedback?state=accepted`);
    expect(correction).toMatchObject({ label: rather, predicted: said });
  });

  it('says in plain words when it will train again, and makes and revokes a key', async () => {
    await page.goto(`${service.url}/projects/${run.projectId}/models?tab=schedule`);
    const form = page.getByRole('region', { name: 'Retraining', exact: true });
    await form.getByRole('combobox', { name: 'By the clock' }).click();
    await page.getByRole('option', { name: 'Every week' }).click();
    await form.getByText('At 03:00, only on Monday').waitFor();
    const paused = form.getByRole('switch', { name: 'Paused' });
    if (await paused.isChecked()) await paused.click();
    await form.getByRole('button', { name: 'Save' }).click();
    const next = page.getByRole('region', { name: 'Next firings' });
    await next.getByRole('listitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    const { cron, nextFirings } = await get<ScheduleView>(`/projects/${run.projectId}/schedule`);
    expect(cron).toBe('0 3 * * 1');
    expect(await next.getByRole('listitem').count()).toBe(nextFirings.length);
    await page.getByRole('tab', { name: 'Keys' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('camera at the door');
    await button('Make a key').click();
    await page.getByText('The key, shown this once').waitFor();
    expect(await violations(page)).toEqual([]);
    await button('Revoke').click();
    await page.getByText('revoked', { exact: true }).waitFor();
  });

  it('has a public page for a model, without the rest of the dashboard around it', async () => {
    const [model] = await get<ModelView[]>('/models');
    await page.goto(`${service.url}/try/${model?.id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  it('promotes and rolls back, each with its reason in the history', async () => {
    await page.goto(`${service.url}/projects/${run.projectId}/models`);
    const first = page.getByRole('region', { name: 'Version 1' });
    await first.getByRole('button', { name: 'Promote' }).click();
    await page.getByRole('textbox', { name: /Why/ }).fill('The first was kinder to cups');
    await page.getByRole('dialog').getByRole('button', { name: 'Promote' }).click();
    await first.getByText('Champion', { exact: true }).waitFor();
    await page.getByText('The first was kinder to cups').waitFor();
    expect(await violations(page)).toEqual([]);
    await button('Roll back').click();
    await page.getByRole('textbox', { name: /Why/ }).fill('It was not');
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('region', { name: 'Version 2' }).getByText('Champion', { exact: true }).waitFor();
    await page.getByText('It was not').waitFor();
    const champion = await get<ModelView>(`/models/${run.projectId}:champion`);
    expect(champion.version).toBe(2);
    for (const tab of ['Zoo', 'Health']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel').waitFor();
      expect(await violations(page)).toEqual([]);
    }
  });

  it('uploads folders of own pictures, each for the category of its name, and builds from them alone', async () => {
    await page.goto(service.url);
    for (const source of ['Openverse', 'Wikimedia Commons', 'iNaturalist'])
      await page.getByRole('checkbox', { name: new RegExp(`^${source}`) }).click();
    for (const path of await ownFolders(own.path, { blue: 220, red: 0 }, 12))
      await page.locator('input[webkitdirectory]').setInputFiles(path);
    await page.getByText('12 files').nth(1).waitFor();
    await button('More settings').click();
    await page.getByRole('combobox', { name: 'Backbones' }).fill('nsfwjs-mobilenet-v2');
    await page.getByRole('option', { name: 'nsfwjs-mobilenet-v2', exact: true }).click();
    await button('Build the model').click();
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
    await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 180_000 });
    const uploaded = await get<RunView>(`/runs/${runIdOf()}`);
    expect(uploaded.counts).toEqual({ candidates: 24, fetched: 24, kept: 24, dropped: {} });
  });

  it('works on a phone, in the dark, and in Japanese', async () => {
    const phone = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
      locale: 'ja-JP',
    });
    const opened = await openPage(phone);
    const paths = [
      '/',
      `/runs/${run.id}`,
      `/runs/${run.id}/pictures`,
      `/runs/${run.id}/leaderboard`,
      `/projects/${run.projectId}/models`,
    ];
    for (const path of paths) {
      await opened.page.goto(service.url + path);
      await opened.page.getByRole('heading', { level: 1 }).waitFor();
      await opened.page.getByRole('link', { name: '画像' }).first().waitFor();
      const wide = await opened.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect([path, wide]).toEqual([path, 0]);
      expect(await violations(opened.page)).toEqual([]);
    }
    expect(opened.errors).toEqual([]);
    await phone.close();
  });

  it('asks for a key once where one is demanded, says of a wrong one that it is, and is in with the right one', async () => {
    const locked = await temporaryFolder();
    const made = await graft([
      'keys',
      'create',
      '--name',
      'desk',
      '--scope',
      'admin',
      '--data-dir',
      locked.path,
    ]);
    const door = await startServiceProcess(locked.path, { GRAFT_REQUIRE_KEYS: 'true' });
    // A browser of its own, gone before its service is: what it still asks for would be refused, and its cookie goes to every port.
    const visitor = await browser.newContext({ locale: 'en' });
    try {
      const opened = await openPage(visitor);
      // Who asks is known last: no part of the page may have asked for the key meanwhile.
      await opened.page.route('**/api/session', async (route) => {
        await delay(1500);
        await route.continue();
      });
      await opened.page.goto(door.url);
      const key = opened.page.locator('input[type=password]');
      const enter = opened.page.getByRole('button', { name: 'Enter', exact: true });
      await key.fill('graft_nonsense');
      expect(await key.count()).toBe(1);
      expect(await violations(opened.page)).toEqual([]);
      await enter.click();
      await opened.page.getByText('This key is not valid').waitFor();
      await key.fill(made.stdout.trim());
      await enter.click();
      await opened.page.getByRole('heading', { name: 'What should it tell apart?' }).waitFor();
      expect(await key.count()).toBe(0);
      expect(opened.errors).toEqual([]);
    } finally {
      await visitor.close();
      await door.kill('SIGTERM');
      await locked.remove();
    }
  });

  it('says plainly that a run does not exist, and that the service is away', async () => {
    await page.goto(`${service.url}/runs/00000000-0000-4000-8000-000000000000`);
    await page
      .getByRole('alert')
      .getByText(/There is no run/)
      .waitFor();
    await page.goto(`${service.url}/nowhere/at/all`);
    await page.getByText('There is no such page').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
