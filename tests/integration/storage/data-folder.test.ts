import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderHeldError, findHolder, holdDataFolder } from '../../../src/storage/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const now = (): Date => new Date('2026-11-23T12:00:00Z');

describe('holding a data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  const pretend = (holder: object): Promise<void> =>
    writeFile(
      join(folder.path, 'holder.json'),
      JSON.stringify({ startedAt: now().toISOString(), instanceId: 'x', url: null, ...holder }),
    );

  it('refuses a second holder and names the first with its address', async () => {
    const held = await holdDataFolder(folder.path, now);
    await held.announce('http://127.0.0.1:4321');
    const second = holdDataFolder(folder.path, now);
    await expect(second).rejects.toBeInstanceOf(DataFolderHeldError);
    await expect(second).rejects.toThrow(
      new RegExp(`held by process ${process.pid} at http://127.0.0.1:4321 .*--data-dir`),
    );
  });

  it('is free again after a release', async () => {
    await (await holdDataFolder(folder.path, now)).release();
    const again = await holdDataFolder(folder.path, now);
    expect((await findHolder(folder.path))?.instanceId).toBe(again.instanceId);
  });

  it('takes over from a process that is gone', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await pretend({ pid: child.pid });
    await expect(holdDataFolder(folder.path, now)).resolves.toBeDefined();
  });

  it('takes over when the process id is alive but belongs to somebody else by now', async () => {
    const server = createServer((_request, response) => response.end('{"instanceId":"another"}')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    await pretend({ pid: process.ppid, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await expect(holdDataFolder(folder.path, now)).resolves.toBeDefined();
    server.close();
  });

  it('takes over a lock that a power loss cut short', async () => {
    await writeFile(join(folder.path, 'holder.json'), '{"pid": 1');
    await expect(holdDataFolder(folder.path, now)).resolves.toBeDefined();
    expect(JSON.parse(await readFile(join(folder.path, 'holder.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
  });

  it('lets exactly one of many win a race', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 12 }, () => holdDataFolder(folder.path, now)),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
  });

  it('does not release what another has taken since', async () => {
    const held = await holdDataFolder(folder.path, now);
    await pretend({ pid: process.pid, instanceId: 'another' });
    await held.release();
    expect((await findHolder(folder.path))?.instanceId).toBe('another');
  });
});
