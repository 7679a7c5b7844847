import { describe, expect, test } from 'vitest';
import { connectService } from '../../../../src/cli/service.js';
import { readEnv } from '../../../../src/config/env.js';
import { holdDataFolder } from '../../../../src/storage/data-folder.js';
import { sendJson, serveLoopback } from './loopback.js';
import { tempFolder } from './temp-folder.js';

/** A service that says it works on a data folder. */
const service = (dataDir: string): Promise<string> =>
  serveLoopback((_request, response) =>
    sendJson(response, { status: 'ok', version: '0.1.0', instanceId: 'x', dataDir, database: 'pglite' }),
  );

const connect = (dataDir: string, signal = new AbortController().signal) =>
  connectService({ env: readEnv({ GRAFT_DATA_DIR: dataDir }), signal });

describe('a data folder that is held', () => {
  test('is worked on through the service of its holder', async () => {
    const dataDir = tempFolder();
    const url = await service(dataDir);
    const held = await holdDataFolder(dataDir, () => new Date());
    await held.announce(url);
    const link = await connect(dataDir);
    expect(link).toMatchObject({ own: false, client: { url } });
    await link.close();
    expect((await (await connect(dataDir)).client.health()).dataDir).toBe(dataDir); // closing a link stops no foreign service
    await held.release();
  });

  test('a service that works on another folder is not used', async () => {
    const dataDir = tempFolder();
    const held = await holdDataFolder(dataDir, () => new Date());
    await held.announce(await service('/elsewhere'));
    await expect(connect(dataDir)).rejects.toMatchObject({
      code: 'wrong-service',
      fix: expect.stringContaining('/elsewhere'),
    });
    await held.release();
  });

  test('Ctrl-C ends the wait for a holder that is still starting', async () => {
    const dataDir = tempFolder();
    const held = await holdDataFolder(dataDir, () => new Date());
    const abort = new AbortController();
    const connecting = connect(dataDir, abort.signal);
    abort.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow();
    await held.release();
  });
});
