import { findChromium } from '../../../crawlers/browser/find-chromium.js';
import { chromium } from 'playwright';

/** The browser of this machine, if there is one. */
export const chromiumPath = await findChromium(undefined, chromium.executablePath());

if (!chromiumPath)
  console.warn(
    '\n*** SKIPPED: no Chromium on this machine, so no page is rendered. Install it: `apt install chromium`. ***\n',
  );
