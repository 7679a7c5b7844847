import { join } from 'node:path';
import { afterAll } from 'vitest';
import { readEnv, type EnvOverrides } from '../../../src/config/env.js';
import { startPackageServer } from '../../../src/serving/package-server.js';
import { makePackage, type SmallPackage } from '../../support/small-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A package and its server, both gone when the test file has ended. */
export async function servePackage(
  options: SmallPackage = {},
  env: EnvOverrides = {},
): Promise<{ url: string; folder: string; predict: string }> {
  const root = await temporaryFolder();
  const folder = join(root.path, 'package');
  await makePackage(folder, options);
  const server = await startPackageServer({
    env: readEnv({ GRAFT_DATA_DIR: join(root.path, 'no-data'), GRAFT_THREADS: '2', ...env }, {}),
    dir: folder,
    host: '127.0.0.1',
    port: 0,
  });
  afterAll(async () => {
    await server.close();
    await root.remove();
  });
  return { url: server.url, folder, predict: `${server.url}/api/models/champion/predict` };
}

export const postJson = (url: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const postBytes = (url: string, bytes: Uint8Array, type = 'image/png'): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': type }, body: Uint8Array.from(bytes) });

export function formOf(files: Record<string, Uint8Array>): FormData {
  const form = new FormData();
  for (const [name, bytes] of Object.entries(files))
    form.append('files', new Blob([Uint8Array.from(bytes)]), name);
  return form;
}
