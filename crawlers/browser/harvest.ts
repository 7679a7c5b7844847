import type { Page } from 'playwright';
import type { HarvestRecipe } from '../provider.js';
import { finalFailure, type Failure } from '../http/result.js';
import { statusFailure } from '../http/retry.js';
import type { BrowserLimits } from './limits.js';
import { isAnyThere, readHead, readPictures, readRows, signature, type PageHead } from './page-scripts.js';

/** What a visit has read. */
export interface Harvest extends PageHead {
  rows: unknown[];
}

/** What ends a visit that cannot be read; the visitor turns it into the provider's error. */
export class VisitError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail);
  }
}

const WHEEL_PIXELS = 900;
const CLICK_TIMEOUT_MS = 2_000;

/** Opens, scrolls and reads one page. */
export class PageHarvester {
  /** Grows while the page is read. */
  readonly harvest: Harvest = { url: '', title: '', robots: '', next: null, rows: [] };
  private readonly known = new Set<string>();
  private readonly item: string;
  private readonly host: string;

  constructor(
    private readonly page: Page,
    private readonly url: string,
    private readonly recipe: HarvestRecipe,
    private readonly limits: BrowserLimits,
  ) {
    this.item = recipe.rows === 'pictures' ? 'img' : recipe.rows.item;
    this.host = new URL(url).host;
  }

  /** @throws VisitError when the page cannot be had or is not what it should be */
  async run(): Promise<void> {
    await this.open();
    await this.firstSight();
    await this.passConsent();
    await this.checkWall();
    for (let scrolls = 0; ; scrolls++) {
      await this.read();
      if (this.known.size >= this.limits.maxRows || scrolls >= this.limits.maxScrolls) return;
      if ((await this.isThere(this.recipe.nothing)) || !(await this.goOn())) break;
    }
    await this.read();
    if (this.known.size === 0) await this.explainNothing();
  }

  private async open(): Promise<void> {
    const options = { waitUntil: 'domcontentloaded', timeout: this.limits.openTimeoutMs } as const;
    const response = await this.page.goto(this.url, options);
    if (!response) throw new VisitError(finalFailure('unreachable', `${this.host} gave no page`));
    const status = response.status();
    if (status >= 400) throw new VisitError(statusFailure(status, this.host, null));
  }

  /** Waits until the page shows something that is known: results, their absence, a wall, or a consent page. */
  private async firstSight(): Promise<void> {
    const { nothing, wall, consent } = this.recipe;
    const signs = [this.item, nothing, wall, ...consent].filter((selector) => selector !== undefined);
    await this.appears(() => this.page.waitForFunction(isAnyThere, signs, this.waiting()));
  }

  private waiting(): { timeout: number } {
    return { timeout: this.limits.settleMs };
  }

  /** Waits for what may not come. */
  private async appears(wait: () => Promise<unknown>): Promise<boolean> {
    try {
      await wait();
      return true;
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return false;
      throw error;
    }
  }

  /** Presses the first button there is, in every frame: consent pages often come in one of their own. */
  private async press(selectors: readonly string[]): Promise<boolean> {
    for (const selector of selectors) {
      for (const frame of this.page.frames()) {
        const button = frame.locator(selector).first();
        if (!(await button.isVisible().catch(() => false))) continue;
        if (await this.appears(() => button.click({ timeout: CLICK_TIMEOUT_MS }))) return true;
      }
    }
    return false;
  }

  private async passConsent(): Promise<void> {
    if (await this.press(this.recipe.consent)) await this.firstSight();
  }

  private async read(): Promise<void> {
    const { rows: recipe } = this.recipe;
    const rows: unknown[] =
      recipe === 'pictures'
        ? await this.page.evaluate(readPictures)
        : await this.page.evaluate(readRows, recipe);
    for (const row of rows) {
      const text = JSON.stringify(row);
      if (this.known.has(text)) continue;
      this.known.add(text);
      this.harvest.rows.push(row);
    }
    Object.assign(this.harvest, await this.page.evaluate(readHead));
  }

  /** Scrolls on, or presses the button for more at the end; false when the page has no more. */
  private async goOn(): Promise<boolean> {
    const before = await this.page.evaluate(signature, { item: this.item, before: '' });
    await this.page.mouse.wheel(0, WHEEL_PIXELS);
    if (await this.changes(before)) return true;
    // A consent page that came late lies over what should scroll.
    if (await this.press([...this.recipe.consent, ...this.recipe.more])) return this.changes(before);
    return false;
  }

  private changes(before: string): Promise<boolean> {
    return this.appears(() =>
      this.page.waitForFunction(signature, { item: this.item, before }, this.waiting()),
    );
  }

  private isThere(selector: string | undefined): Promise<boolean> {
    return selector === undefined ? Promise.resolve(false) : this.page.evaluate(isAnyThere, [selector]);
  }

  private async checkWall(): Promise<void> {
    if (await this.isThere(this.recipe.wall))
      throw new VisitError(finalFailure('http-403', `${this.host} asks for proof of being human`));
  }

  private async explainNothing(): Promise<void> {
    await this.checkWall();
    if (this.recipe.rows === 'pictures' || (await this.isThere(this.recipe.nothing))) return;
    const title = JSON.stringify((await this.page.title()).slice(0, 100));
    throw new VisitError(
      finalFailure(
        'bad-response',
        `the page ${title} has neither results (${this.item}) nor says that there are none`,
      ),
    );
  }
}
