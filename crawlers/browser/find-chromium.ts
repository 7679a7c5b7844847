import { access, constants } from 'node:fs/promises';

/** Where systems put a browser of the Chromium family. A library reads no PATH; any other place can be set. */
const USUAL_PATHS: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/local/bin/chromium',
  '/snap/bin/chromium',
  '/opt/homebrew/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const isThere = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/**
 * The browser to start: the one that was named, else Playwright's own where it is installed, else the system's.
 * @param named path from the setting `browser.path`; nothing else is tried when it is given
 * @param own where Playwright would have its own
 */
export async function findChromium(named: string | undefined, own: string): Promise<string | null> {
  for (const path of named ? [named] : [own, ...USUAL_PATHS]) if (path && (await isThere(path))) return path;
  return null;
}
