import { execFile } from 'node:child_process';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { findHolder } from '../../storage/data-folder.js';
import { bytes, plural } from '../render/format.js';
import { error, essential, ok, warning, type Check, type Finding } from './check.js';

const NODE_FLOOR = [20, 19] as const;
/** A database, some thousand pictures, their features and the converted backbones. */
const ROOM_BYTES = 2_000_000_000;

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1]);
  if (enough)
    return ok(`${version}, ${plural(availableParallelism(), 'core')}, ${bytes(totalmem())} of memory`);
  return error(`${version} is too old`, `Install Node ${NODE_FLOOR.join('.')} or newer.`);
}

const node: Check = {
  id: 'node',
  title: 'Node.js',
  onFailure: essential,
  run: () => Promise.resolve(judgeNode(process.versions.node)),
};

const folder: Check = {
  id: 'data-folder',
  title: 'Data folder',
  onFailure: { status: 'error', fix: 'Choose a folder you may write to, with --data-dir or GRAFT_DATA_DIR.' },
  run: async ({ dataDir }) => {
    const existing = await nearestExisting(dataDir);
    await access(existing, constants.W_OK);
    const { bavail, bsize } = await statfs(existing);
    const free = bavail * bsize;
    const room = `${dataDir}: writable, ${bytes(free)} free`;
    const space =
      free >= ROOM_BYTES
        ? ok(room)
        : warning(room, `Free some disk space: ${bytes(ROOM_BYTES)} is comfortable.`);
    return [space, await holderOf(dataDir)];
  },
};

/** The folder itself, or where it would be made: the doctor makes nothing. */
async function nearestExisting(path: string): Promise<string> {
  for (let place = path; ; place = dirname(place)) {
    const facts = await stat(place).catch(() => null);
    if (facts?.isDirectory()) return place;
    if (facts) throw new Error(`${place} is a file, not a folder`);
    if (place === dirname(place)) throw new Error(`Nothing of ${path} exists`);
  }
}

async function holderOf(dataDir: string): Promise<Finding> {
  const holder = await findHolder(dataDir);
  if (!holder) return ok('held by nobody: commands start a service of their own');
  return ok(
    `held by process ${holder.pid} since ${holder.startedAt}, ${holder.url ?? 'which is starting or stopping'}`,
  );
}

const run = promisify(execFile);
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Only the tests of the dashboard need a browser. */
const chromium: Check = {
  id: 'chromium',
  title: 'Chromium',
  onFailure: {
    status: 'warning',
    fix: 'For the providers bing, duckduckgo and page: `apt install chromium`, or `npx playwright install chromium`.',
  },
  run: async () => {
    for (const browser of [...BROWSERS, ...(await playwrightBrowser())]) {
      const version = await run(browser, ['--version'], { timeout: 15_000 }).catch(() => null);
      if (version) return ok(`${version.stdout.trim()} (${browser})`);
    }
    throw new Error('not found; only the tests of the dashboard need it');
  },
};

async function playwrightBrowser(): Promise<string[]> {
  try {
    const { chromium: browser } = await import('playwright');
    return [browser.executablePath()];
  } catch {
    return []; // an installation without development packages
  }
}

export const machineChecks: readonly Check[] = [node, folder, chromium];
