import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../../src/http/api.js';
import { chromiumPath } from '../../integration/browser/chromium.js';
import { LABELLED, UNLABELLED } from '../../support/moods.js';
import { request, startServiceProcess, type ServiceProcess } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { launch, openPage, violations } from './lab.js';

const DULL = 'the script was dull and the critic felt dreadful about the ending';

/** A page about texts that says this takes them for pictures. */
const PICTURES = /\bpictures?\b/i;

describe.skipIf(!chromiumPath)('texts in the dashboard, in a real browser', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let errors: string[];
  let run: RunView;

  beforeAll(async () => {
    folder = await temporaryFolder();
    service = await startServiceProcess(join(folder.path, 'data'));
    const lines = LABELLED.map(({ label, text }) => `${label},"${text}"`);
    await writeFile(
      join(folder.path, 'labelled.csv'),
      ['label,text', ...lines, 'positive,', `positive,"${LABELLED[0]?.text}."`].join('\n'),
    );
    await writeFile(join(folder.path, 'more.txt'), UNLABELLED.join('\n'));
    await writeFile(join(folder.path, 'wrong.csv'), 'mood,sentence\ngood,yes\n');
    browser = await launch();
    context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
    ({ page, errors } = await openPage(context));
  });
  afterAll(async () => {
    await browser.close();
    await service.kill('SIGTERM');
    await folder.remove();
  });

  const seen = async (): Promise<void> => {
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('main').innerText()).not.toMatch(PICTURES);
    expect(errors).toEqual([]);
  };

  it('takes a file of labelled texts, says what is in it and what is wrong with another, and builds with one click', async () => {
    await page.goto(service.url);
    await page.getByText('Short texts', { exact: true }).click();
    await page.getByText('Bring labelled texts of at least two labels first.').waitFor();
    const labelled = page.locator('input[type=file][aria-label="Choose labelled texts"]');
    await labelled.setInputFiles(join(folder.path, 'wrong.csv'));
    await page.getByText(/it lacks label and text/).waitFor();
    await page.getByText('Its first line must be label,text.').waitFor();
    await labelled.setInputFiles(join(folder.path, 'labelled.csv'));
    await page.getByText('61 texts, 1 line left out').waitFor();
    const labels = page.getByRole('group', { name: 'Labels' });
    await labels.getByText('positive 31').waitFor();
    await labels.getByText('negative 30').waitFor();
    await page
      .locator('input[type=file][aria-label="Choose unlabelled texts"]')
      .setInputFiles(join(folder.path, 'more.txt'));
    await page.getByText(`${UNLABELLED.length} texts`).waitFor();
    await page.getByRole('button', { name: 'More settings' }).click();
    const backbones = page.getByRole('combobox', { name: 'Backbones' });
    await backbones.click();
    await page.getByRole('option', { name: 'ngrams', exact: true }).click();
    expect(await page.getByRole('option', { name: /mobilenet/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Build the model' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
  });

  it('follows the run to a model, and shows each text with what became of it', async () => {
    await page.getByRole('heading', { name: 'Your model is ready' }).waitFor({ timeout: 120_000 });
    run = await request<RunView>(`${service.url}/api${new URL(page.url()).pathname}`);
    expect([run.settings.modality, run.counts.dropped]).toEqual(['text', { 'exact-duplicate': 1 }]);
    await seen();
    await page.getByRole('link', { name: 'Texts', exact: true }).first().click();
    await page.getByRole('listbox', { name: /^Texts/ }).waitFor();
    await page
      .getByRole('option')
      .getByText(LABELLED[1]?.text ?? '')
      .waitFor();
    await seen();
    await page.getByRole('option').first().dblclick();
    const story = page.getByRole('complementary', { name: 'Story of a text' });
    await story.getByText('Find copies').waitFor();
    expect(await page.getByText('Queries', { exact: true }).count()).toBe(0);
    await page.getByText('Copies', { exact: true }).click();
    await page.getByText('2 copies of one text').waitFor();
    await seen();
  });

  it('shows the leaderboard and the evidence, and opens a cell onto its texts', async () => {
    await page.goto(`${service.url}/runs/${run.id}/leaderboard`);
    await page.getByRole('heading', { name: 'Leaderboard' }).waitFor();
    await page
      .getByRole('row', { name: /ngrams/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: /^positive: \d+ of \d+ recognised/ }).click();
    const cell = page.getByRole('dialog', { name: 'positive' });
    await cell
      .getByText(/the .+ number \d+ was/)
      .first()
      .waitFor();
    await seen();
    await page.keyboard.press('Escape');
    await cell.waitFor({ state: 'hidden' });
    expect(await page.getByRole('radio', { name: 'Depth' }).count()).toBe(0);
    await seen();
  });

  it('says of a typed text which label it has, and gives code that asks for it', async () => {
    await page.goto(`${service.url}/models/${run.modelId}`);
    const box = page.getByRole('textbox', { name: 'Your text' });
    const ask = page.getByRole('button', { name: 'Ask the model' });
    expect(await ask.isDisabled()).toBe(true);
    await box.fill('the plot was superb and the family felt wonderful');
    await ask.click();
    await page.getByText(/^positive [\d.]+% sure$/).waitFor();
    await box.fill(DULL);
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^negative [\d.]+% sure$/).waitFor();
    await page.getByText(`curl -d '{"text": "A lovely film"}'`).waitFor();
    await seen();
  });

  it('takes a correction of a text, which waits to be accepted', async () => {
    await page.getByText('Wrong? It is').waitFor();
    await page.getByRole('button', { name: 'positive', exact: true }).click();
    await page.getByText('Thank you. That it is positive waits to be accepted.').waitFor();
    await page.goto(`${service.url}/projects/${run.projectId}/models?tab=feedback`);
    const card = page.getByRole('article', { name: 'not negative: positive' });
    await card.getByText(DULL).waitFor();
    await seen();
    await card.getByRole('button', { name: 'Accept' }).click();
    await card.getByText('Accepted').waitFor();
    for (const tab of ['Versions', 'Schedule', 'Zoo', 'Health']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
      await seen();
    }
  });

  it('lets anybody with the link try it, on a phone and in Japanese', async () => {
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'ja-JP' });
    const opened = await openPage(phone);
    await opened.page.goto(`${service.url}/try/${run.modelId}`);
    await opened.page.getByRole('textbox', { name: 'テキスト' }).fill('the music was excellent');
    await opened.page.getByRole('button', { name: '判定する' }).click();
    await opened.page.getByText(/^確信度/).waitFor();
    expect(await violations(opened.page)).toEqual([]);
    expect(await opened.page.locator('main').innerText()).not.toContain('画像');
    expect(opened.errors).toEqual([]);
    await phone.close();
  });
});
