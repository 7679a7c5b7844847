import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { InstalledBackbone } from '../../../../zoo/index.js';
import { getBackbone, installBackbone } from '../../../../zoo/index.js';

/** A folder that is gone when the test file has ended. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-zoo-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The smallest backbone of the zoo, installed for one test file. */
export async function installSmall(): Promise<InstalledBackbone> {
  return installBackbone(getBackbone('nsfwjs-mobilenet-v2'), await temporaryFolder());
}
