import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Who holds a data folder: written by the holder, read by whoever comes second. */
const holderSchema = z.object({
  pid: z.number().int(),
  instanceId: z.string(),
  url: z.string().nullable(),
  startedAt: z.string(),
});
export type Holder = z.infer<typeof holderSchema>;

/** The data folder belongs to one process: PGlite has no lock of its own, and two writers would destroy it. */
export class DataFolderHeldError extends Error {
  override name = 'DataFolderHeldError';
  constructor(
    readonly dataDir: string,
    readonly holder: Holder,
  ) {
    const where = holder.url ? ` at ${holder.url}` : '';
    super(
      `The data folder ${dataDir} is held by process ${holder.pid}${where} since ${holder.startedAt}. ` +
        'Use that service, stop it, or choose another folder with --data-dir or GRAFT_DATA_DIR.',
    );
  }
}

export interface HeldFolder {
  readonly instanceId: string;
  /** Tells whoever comes second where the service listens. */
  announce(url: string): Promise<void>;
  release(): Promise<void>;
}

const lockPath = (dataDir: string): string => join(dataDir, 'holder.json');

/** The live holder of a folder, or null when nobody holds it (no lock, or its process is gone). */
export async function findHolder(dataDir: string): Promise<Holder | null> {
  const holder = await readHolder(dataDir);
  return holder && (await isAlive(holder)) ? holder : null;
}

async function readHolder(dataDir: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(lockPath(dataDir), 'utf8')));
  } catch {
    return null; // absent, or cut short by a power loss: in both cases nobody vouches for it
  }
}

/**
 * A process id alone may have been reused since a crash, so a holder that announced an address must answer there with its
 * own instance id. One without an address is starting or stopping: its process id has to do.
 */
async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.pid === process.pid) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.url === null || answersAs(holder.url, holder.instanceId);
}

async function answersAs(url: string, instanceId: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) });
    const body = (await response.json()) as { instanceId?: unknown };
    return body.instanceId === instanceId;
  } catch (error) {
    // A busy holder that does not answer in time is alive; one that refuses the connection is not.
    return (error as Error).name === 'TimeoutError';
  }
}

/** Takes the folder for this process. @throws DataFolderHeldError when a live process holds it */
export async function holdDataFolder(dataDir: string, now: () => Date): Promise<HeldFolder> {
  await mkdir(dataDir, { recursive: true });
  const own: Holder = {
    pid: process.pid,
    instanceId: randomUUID(),
    url: null,
    startedAt: now().toISOString(),
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tryTake(dataDir, own)) return heldFolder(dataDir, own);
    const holder = await findHolder(dataDir);
    if (holder) throw new DataFolderHeldError(dataDir, holder);
    await rm(lockPath(dataDir), { force: true });
  }
  throw new Error(
    `Could not take the data folder ${dataDir}: several processes are starting on it at once. Try again.`,
  );
}

/** Linking a fully written file is atomic: it fails when the lock exists, and nobody ever reads half of one. */
async function tryTake(dataDir: string, own: Holder): Promise<boolean> {
  const draft = join(dataDir, `holder.${own.instanceId}.tmp`);
  await writeFile(draft, JSON.stringify(own));
  try {
    await link(draft, lockPath(dataDir));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function heldFolder(dataDir: string, own: Holder): HeldFolder {
  return {
    instanceId: own.instanceId,
    announce: async (url) => {
      const draft = join(dataDir, `holder.${own.instanceId}.tmp`);
      await writeFile(draft, JSON.stringify({ ...own, url }));
      await rename(draft, lockPath(dataDir));
    },
    release: async () => {
      const holder = await readHolder(dataDir);
      if (holder?.instanceId === own.instanceId) await rm(lockPath(dataDir), { force: true });
    },
  };
}
